import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readCourseFolder } from '../../src/cli/storage/course-folder.ts'
import type { Chapter } from '../../src/course/course.ts'
import type { Lab } from '../../src/course/lab.ts'
import type { Page } from '../../src/course/lesson/page.ts'
import { loadCourse } from '../../src/course/load.ts'

const root = process.cwd()
export const coverageFile = join(root, 'docs/coverage.md')

interface Section {
  heading: string
  commands?: string[]
  manifests?: string[]
  /** Why no page needs to be made of it. */
  none?: string
}

interface Outline {
  /** Commands and kinds of the notes that the book leaves out on purpose, with the reason. */
  left: Record<string, string>
  notes: { note: string; sections: Section[] }[]
}

interface Coverage {
  markdown: string
  /** Sections, commands and kinds that are nowhere in the book. */
  missing: string[]
}

/** Which page and which lab every section, command and manifest of the course notes has come into. */
export function coverage(): Coverage {
  const outline = parse(readFileSync(join(root, 'test/coverage/notes.yaml'), 'utf8')) as Outline
  const { chapters } = loadCourse(readCourseFolder(root)).course
  const pages = chapters.flatMap((chapter) => chapter.pages.map(({ en }) => en))
  const labs = chapters.flatMap((chapter) => chapter.labs)
  const missing: string[] = []
  const out = [
    '# Coverage',
    '',
    'What has become of the course notes this book is made from: each section, each command, each kind of manifest, with the page that teaches it and the lab that practises it. Made by `npm run coverage` from the pages themselves; a test keeps it true.',
    '',
    '## Sections',
  ]
  for (const { note, sections } of outline.notes) {
    out.push('', `### ${note}`, '', '| section | pages | labs |', '|---|---|---|')
    for (const { heading, none } of sections) {
      const own = pages.filter((page) => page.notes.includes(heading))
      if (own.length === 0 && !none) missing.push(`section ${heading}`)
      out.push(`| ${heading} | ${own.map(({ id }) => id).join(', ') || (none ?? '**none**')} | ${labsOf(own, labs)} |`)
    }
  }
  const all = outline.notes.flatMap(({ sections }) => sections)
  const table = (title: string, names: string[], found: (text: string, name: string) => boolean) => {
    out.push('', `## ${title}`, '', '| | page | lab |', '|---|---|---|')
    for (const name of names) {
      const page = pages.find((item) => found(pageText(item), name))
      const lab = labs.find((item) => found(labText(item), name))
      if (!page && !lab && !outline.left[name]) missing.push(`${title.toLowerCase()} ${name}`)
      out.push(`| \`${name}\` | ${page?.id ?? outline.left[name] ?? '–'} | ${lab ? labName(lab, chapters) : '–'} |`)
    }
  }
  table('Commands', unique(all.flatMap(({ commands = [] }) => commands)), hasCommand)
  table('Manifests', unique(all.flatMap(({ manifests = [] }) => manifests)), hasKind)
  return { markdown: `${out.join('\n')}\n`, missing }
}

const unique = (names: string[]) => [...new Set(names)].sort()

function labsOf(pages: readonly Page[], labs: readonly Lab[]): string {
  const ids = new Set(pages.map(({ id }) => id))
  const own = labs.filter(
    (lab) =>
      lab.teaches.some((page) => ids.has(page)) ||
      pages.some((page) => page.chapter === lab.chapter && page.labs.includes(lab.id)),
  )
  return own.map(({ id }) => id).join(', ') || '–'
}

const labName = (lab: Lab, chapters: readonly Chapter[]) =>
  `${chapters.find(({ id }) => id === lab.chapter)!.number} › ${lab.id}`

function pageText(page: Page): string {
  const texts = page.blocks.map((block) => {
    if (block.type === 'run') return block.script
    if (block.type === 'file') return block.content
    if (block.type === 'code') return block.text
    if (block.type === 'prose') return block.markdown
    if (block.type === 'quiz' || block.type === 'predict') return block.question.run ?? ''
    return ''
  })
  return [page.setup ?? '', ...texts].join('\n')
}

const labText = (lab: Lab) =>
  [
    lab.start.commands ?? '',
    ...Object.values(lab.start.files ?? {}),
    ...lab.solutions.map(({ script }) => script),
    lab.task.en,
  ].join('\n')

/** Short names that the notes type for the longer ones. */
const same: Record<string, string> = { cm: 'configmap', deploy: 'deployment', cj: 'cronjob', ing: 'ingress', po: 'pod' }

/** `kubectl create cm`, wherever its words stand in this order with only options between them. */
function hasCommand(text: string, name: string): boolean {
  const words = name.split(' ').map((word) => (same[word] ? `(?:${word}|${same[word]})s?` : literal(word)))
  return new RegExp(`(?<![\\w/.-])${words.join('(?: +-[^ \\n]+(?: +[^- \\n][^ \\n]*)?)*? +')}(?![\\w/-])`).test(text)
}

function hasKind(text: string, name: string): boolean {
  const verb = `(?:create|expose|autoscale) (?:${name.toLowerCase()})\\b`
  return new RegExp(`^\\s*kind: ${name}$|kubectl ${verb}`, 'm').test(text)
}

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

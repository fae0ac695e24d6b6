import { lexer } from 'marked'
import type { Topology } from '../../sim/world/journal.ts'
import { parseDuration } from '../duration.ts'
import type { Problem } from '../problem.ts'
import { checkSchema, type Schema } from '../schema.ts'
import lessonSchema from '../schemas/lesson.schema.json'
import questionSchema from '../schemas/question.schema.json'
import { parseYaml } from '../yaml-source.ts'
import { type Block, type LiveFigureName, liveFigureNames, type Page, type Question } from './page.ts'

/** Parses `lessons/<chapter>/<page>.<lang>.md`. Problems mean that the page cannot be used. */
export function parsePage(file: string, text: string): { page: Page | undefined; problems: Problem[] } {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(text)
  if (!match) {
    const fix = 'start with: ---, title: …, summary: …, ---'
    return { page: undefined, problems: [{ file, line: 1, message: 'no front matter', fix }] }
  }
  const source = parseYaml(file, match[1]!, 2)
  const problems = checkSchema(source, lessonSchema as Schema)
  const firstLine = match[0].split('\n').length
  const blocks = parseBlocks(file, text.slice(match[0].length), firstLine, problems)
  if (problems.length > 0) return { page: undefined, problems }
  const front = source.value as {
    title: string
    summary: string
    topology?: Topology
    fresh?: boolean
    setup?: string
    labs?: string[]
    terms?: Record<string, string>
    notes?: string[]
    explains?: string[]
  }
  const [, chapter = '', name = ''] = /^lessons\/([^/]+)\/([^/]+)\.[a-z]+\.md$/.exec(file) ?? []
  const page: Page = {
    id: `${chapter}/${name}`,
    chapter,
    file,
    title: front.title,
    summary: front.summary,
    topology: front.topology ?? 'two-node',
    fresh: front.fresh ?? false,
    setup: front.setup,
    labs: front.labs ?? [],
    terms: front.terms ?? {},
    notes: front.notes ?? [],
    explains: front.explains ?? [],
    blocks,
  }
  return { page, problems }
}

function parseBlocks(file: string, markdown: string, firstLine: number, problems: Problem[]): Block[] {
  const blocks: Block[] = []
  let line = firstLine
  for (const token of lexer(markdown)) {
    const here = line
    line += token.raw.split('\n').length - 1
    if (token.type === 'space') continue
    if (token.type !== 'code') {
      const last = blocks.at(-1)
      if (last?.type === 'prose') last.markdown += `\n\n${token.raw.trim()}`
      else blocks.push({ type: 'prose', markdown: token.raw.trim(), line: here })
      continue
    }
    const block = parseFence(file, token.lang ?? '', token.text, here, problems)
    const last = blocks.at(-1)
    if (block === 'output') {
      if (last?.type === 'run') last.output = token.text
      else problems.push({ file, line: here, message: 'an output fence must follow a "sh run" fence' })
    } else if (block) blocks.push(block)
  }
  return blocks
}

function parseFence(
  file: string,
  info: string,
  text: string,
  line: number,
  problems: Problem[],
): Block | 'output' | undefined {
  const [language = '', ...rest] = info.trim().split(/\s+/)
  const words = rest.join(' ')
  const named = /^file=(\S+)$/.exec(words)
  if (language === 'output') return 'output'
  if (language === 'figure' && words === '') return { type: 'figure', frames: [text], line }
  if (language === 'figure' && words === 'frames') return { type: 'figure', frames: text.split(/\n={3,}\n/), line }
  const [figure, name, ...more] = rest
  if (language === 'live' && liveFigureNames.includes(figure as LiveFigureName) && name && more.length === 0)
    return { type: 'live', figure: figure as LiveFigureName, name, line }
  const run = /^run(?: after=(\S+))?$/.exec(words)
  if (language === 'sh' && run) return { type: 'run', script: text, after: parseDuration(run[1] ?? ''), line }
  if (named) return { type: 'file', name: named[1]!, language, content: `${text}\n`, line }
  if (language === 'quiz' || language === 'predict') {
    const source = parseYaml(file, text, line + 1)
    const found = checkSchema(source, questionSchema as Schema)
    const question = source.value as Question
    if (found.length === 0 && !question.choices.some((choice) => choice.right)) {
      found.push({ file, line, message: 'no choice is right', fix: 'mark one with "right: true"' })
    }
    problems.push(...found)
    return found.length === 0 ? { type: language, question, line } : undefined
  }
  if (words !== '') {
    const fix =
      'known: sh run, sh run after=30s, LANGUAGE file=NAME, output, figure, figure frames, live rollout NAME, live service NAME, live dashboard NAMESPACE, quiz, predict; or a language alone'
    problems.push({ file, line, message: `unknown fence "${info}"`, fix })
  }
  return { type: 'code', language, text, line }
}

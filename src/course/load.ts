import { checkKinds } from './checks/index.ts'
import { kindOf, simpleKinds } from './checks/nested.ts'
import type { Chapter, Course, LocalPage } from './course.ts'
import { parseDuration } from './duration.ts'
import type { Grader, GraderCheck, Lab } from './lab.ts'
import { type Language, languages, type Text } from './language.ts'
import type { Page } from './lesson/page.ts'
import { parsePage } from './lesson/parse.ts'
import type { Problem } from './problem.ts'
import { checkSchema, type Schema } from './schema.ts'
import chapterSchema from './schemas/chapter.schema.json'
import graderSchema from './schemas/grader.schema.json'
import labSchema from './schemas/lab.schema.json'
import { textWidth } from './text/width.ts'
import { fill, firstValues, unknownPlaces, type Values } from './variants.ts'
import { parseYaml, type YamlSource } from './yaml-source.ts'

/** A course's text files by path: `lessons/03-pods/01-first-pod.en.md`. */
export type CourseFiles = ReadonlyMap<string, string>

/**
 * Reads a course. What is right is in `course`; what is wrong is left out of it and told in `problems`, so that one bad
 * lab does not close the book.
 */
export function loadCourse(files: CourseFiles): { course: Course; problems: Problem[] } {
  const problems: Problem[] = []
  const paths = [...files.keys()].sort()
  const ids = new Set(
    paths.map((path) => /^(?:lessons|labs|graders)\/([^/]+)\//.exec(path)?.[1]).filter((id) => id !== undefined),
  )
  problems.push(...strayFiles(paths))
  const chapters = [...ids].sort().map((id) => loadChapter(files, paths, id, problems))
  const course = { chapters: chapters.filter((chapter) => chapter !== undefined) }
  problems.push(...brokenLinks(course))
  return { course, problems }
}

const forms = [
  /^lessons\/\d\d-[a-z0-9-]+\/\d\d-[a-z0-9-]+\.(en|zh)\.md$/,
  /^lessons\/\d\d-[a-z0-9-]+\/chapter\.yaml$/,
  /^(labs|graders)\/\d\d-[a-z0-9-]+\/[a-z0-9-]+\.yaml$/,
]

function strayFiles(paths: readonly string[]): Problem[] {
  return paths
    .filter((path) => !forms.some((form) => form.test(path)))
    .map((file) => ({
      file,
      message: 'stray file: no part of a course has such a name',
      fix: 'lessons/<nn-chapter>/<nn-page>.<en|zh>.md, lessons/<nn-chapter>/chapter.yaml, labs|graders/<nn-chapter>/<lab>.yaml',
    }))
}

function loadChapter(
  files: CourseFiles,
  paths: readonly string[],
  id: string,
  problems: Problem[],
): Chapter | undefined {
  const file = `lessons/${id}/chapter.yaml`
  const text = files.get(file)
  if (text === undefined) {
    problems.push({ file, message: 'missing', fix: 'format: 1, title: {en, zh}, about: {en, zh}, labs: [lab, …]' })
    return undefined
  }
  const source = parseYaml(file, text)
  const found = checkSchema(source, chapterSchema as Schema)
  problems.push(...found)
  if (found.length > 0) return undefined
  const { title, about, labs: order } = source.value as { title: Text; about: Text; labs: string[] }
  const labs = loadLabs(files, paths, id, problems)
  for (const [i, name] of order.entries()) {
    if (!files.has(`labs/${id}/${name}.yaml`)) {
      problems.push({
        file,
        line: source.line(['labs', i]),
        message: `no lab "${name}"`,
        fix: `expected labs/${id}/${name}.yaml`,
      })
    }
  }
  for (const lab of labs) {
    if (!order.includes(lab.id))
      problems.push({ file: lab.file, message: 'not offered', fix: `add it to labs in ${file}` })
  }
  labs.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  return { id, number: Number.parseInt(id, 10), title, about, pages: loadPages(files, paths, id, problems), labs }
}

function loadPages(files: CourseFiles, paths: readonly string[], chapter: string, problems: Problem[]): LocalPage[] {
  const byName = new Map<string, Partial<Record<Language, Page>>>()
  const broken = new Set<string>()
  for (const path of paths) {
    const [, name, language] = new RegExp(`^lessons/${chapter}/([^/]+)\\.(en|zh)\\.md$`).exec(path) ?? []
    if (!name) continue
    const parsed = parsePage(path, files.get(path)!)
    problems.push(...parsed.problems)
    if (!parsed.page) broken.add(name)
    byName.set(name, { ...byName.get(name), ...(parsed.page ? { [language as Language]: parsed.page } : {}) })
  }
  const pages: LocalPage[] = []
  for (const [name, versions] of byName) {
    const missing = languages.filter((language) => !versions[language])
    if (missing.length === 0) {
      const page = { id: `${chapter}/${name}`, ...(versions as Record<Language, Page>) }
      problems.push(...unlikeVersions(page), ...languages.flatMap((language) => wideFigures(page[language])))
      pages.push(page)
    } else if (!broken.has(name)) {
      for (const language of missing)
        problems.push({
          file: `lessons/${chapter}/${name}.${language}.md`,
          message: 'missing: every page is written in both languages',
        })
    }
  }
  return pages
}

/** Columns of a figure that fit into a page on a screen of 100 columns. */
const figureWidth = 48

function wideFigures(page: Page): Problem[] {
  return page.blocks.flatMap((block) => {
    const drawn = block.type === 'figure' ? block.frames.flatMap((frame) => frame.split('\n')) : []
    const widest = Math.max(0, ...drawn.map(textWidth))
    if (widest <= figureWidth) return []
    return [
      {
        file: page.file,
        line: block.line,
        message: `a figure of ${widest} columns; at most ${figureWidth} fit beside a terminal`,
      },
    ]
  })
}

/** Both languages must run the same commands and show the same files, or one of them is out of date. */
function unlikeVersions({ en, zh }: LocalPage): Problem[] {
  const actions = (page: Page) =>
    page.blocks.filter(
      ({ type }) => type === 'run' || type === 'file' || type === 'quiz' || type === 'predict' || type === 'live',
    )
  const a = actions(en)
  const b = actions(zh)
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]]
    const alike =
      x &&
      y &&
      x.type === y.type &&
      (x.type !== 'live' || (y.type === 'live' && x.figure === y.figure && x.name === y.name)) &&
      (x.type !== 'run' || (y.type === 'run' && withoutComments(x.script) === withoutComments(y.script))) &&
      (x.type !== 'file' ||
        (y.type === 'file' && x.name === y.name && withoutComments(x.content) === withoutComments(y.content)))
    if (!alike)
      return [
        {
          file: zh.file,
          line: y?.line ?? 1,
          message: `differs from ${en.file}:${x?.line ?? 1}`,
          fix: 'both languages need the same run, file, live, quiz and predict fences in the same order',
        },
      ]
  }
  return []
}

const withoutComments = (text: string) => text.replace(/(^|\s)#.*$/gm, '').replace(/\s+$/gm, '')

function loadLabs(files: CourseFiles, paths: readonly string[], chapter: string, problems: Problem[]): Lab[] {
  const labs: Lab[] = []
  for (const path of paths) {
    const id = new RegExp(`^graders/${chapter}/([^/]+)\\.yaml$`).exec(path)?.[1]
    if (id && !files.has(`labs/${chapter}/${id}.yaml`))
      problems.push({ file: path, message: 'grader without a lab', fix: `expected labs/${chapter}/${id}.yaml` })
  }
  for (const path of paths) {
    const id = new RegExp(`^labs/${chapter}/([^/]+)\\.yaml$`).exec(path)?.[1]
    if (!id) continue
    const source = parseYaml(path, files.get(path)!)
    const values = (source.value as { values?: Values } | undefined)?.values ?? {}
    const found = checkSchema(filled(source, values), labSchema as Schema)
    const grader = loadGrader(files, `graders/${chapter}/${id}.yaml`, values, found)
    if (grader && found.length === 0)
      found.push(...unknownChecks(source, grader), ...brokenConditions(source), ...unfitExam(source, grader))
    problems.push(...found)
    if (!grader || found.length > 0) continue
    const written = source.value as Lab & { exam?: { limit: string } }
    const exam = written.exam && { ...written.exam, limit: parseDuration(written.exam.limit) ?? 0 }
    labs.push({ ...written, ...(exam && { exam }), id, chapter, file: path, grader })
  }
  return labs
}

/** The file as its first variant reads it, so that a number may be a value; a place without a value is a problem. */
function filled(source: YamlSource, values: Values): YamlSource {
  if (Object.keys(values).length === 0) return source
  const value = fill(source.value, firstValues(values)) as { values?: unknown }
  const unknown = unknownPlaces({ ...value, values: undefined })
  const problems = unknown.map((place) => ({
    file: source.file,
    message: `${place} has no value`,
    fix: 'see "values" of the lab',
  }))
  return { ...source, value, problems: [...source.problems, ...problems] }
}

/** In an exam every check belongs to a task, and every task has a check. */
function unfitExam(source: YamlSource, grader: Grader): Problem[] {
  const tasks = (source.value as Lab).exam?.tasks.length ?? 0
  const out: Problem[] = []
  for (const { id, task } of grader.checks) {
    if (tasks === 0 ? task !== undefined : task === undefined || task < 1 || task > tasks)
      out.push({
        file: grader.file,
        message: `check "${id}": "task" must be ${tasks === 0 ? 'left out: this is no exam' : `1 to ${tasks}`}`,
      })
  }
  for (let n = 1; n <= tasks; n++) {
    if (!grader.checks.some(({ task }) => task === n))
      out.push({ file: source.file, line: source.line(['exam', 'tasks', n - 1]), message: `task ${n} has no check` })
  }
  return out
}

function loadGrader(files: CourseFiles, file: string, values: Values, problems: Problem[]): Grader | undefined {
  const text = files.get(file)
  if (text === undefined) {
    problems.push({ file, message: 'missing: every lab has a grader' })
    return undefined
  }
  const source = parseYaml(file, text)
  const found = checkSchema(filled(source, values), graderSchema as Schema)
  problems.push(...found)
  if (found.length > 0) return undefined
  const value = source.value as { settle?: string; checks: (Partial<GraderCheck> & { id: string; title: Text })[] }
  const checks = value.checks.map((check) => ({
    ...check,
    weight: check.weight ?? 1,
    needs: check.needs ?? [],
    guard: check.guard ?? false,
  }))
  for (const [i, check] of checks.entries()) {
    const before = checks.slice(0, i).map((other) => other.id)
    if (before.includes(check.id))
      problems.push({ file, line: source.line(['checks', i, 'id']), message: `two checks are called "${check.id}"` })
    for (const need of check.needs) {
      if (!before.includes(need))
        problems.push({
          file,
          line: source.line(['checks', i, 'needs']),
          message: `needs "${need}", which is no earlier check`,
        })
    }
    kindOf(check, checkKinds)
  }
  return { file, settle: parseDuration(value.settle ?? '0s') ?? 0, checks }
}

function unknownChecks(source: YamlSource, grader: Grader): Problem[] {
  const lab = source.value as Lab
  const known = grader.checks.map((check) => check.id)
  const named = [
    ...lab.mistakes.flatMap((mistake, i) => mistake.fails.map((id) => ({ id, path: ['mistakes', i, 'fails'] }))),
    ...lab.hints.flatMap((hint, i) => (hint.when === undefined ? [] : [{ id: hint.when, path: ['hints', i, 'when'] }])),
  ]
  return named
    .filter(({ id }) => !known.includes(id))
    .map(({ id, path }) => ({
      file: source.file,
      line: source.line(path),
      message: `no check "${id}" in ${grader.file}`,
      fix: `known: ${known.join(', ')}`,
    }))
}

/** Conditions of hints that are no check of one of the simple kinds. */
function brokenConditions(source: YamlSource): Problem[] {
  const names = simpleKinds.map((kind) => kind.name)
  return (source.value as Lab).hints.flatMap((hint, i) => {
    const kinds = Object.keys(hint.if ?? {})
    if (!hint.if || (kinds.length === 1 && names.includes(kinds[0]!))) return []
    const message = `must be one check, is ${kinds.join(' and ') || 'empty'}`
    return [{ file: source.file, line: source.line(['hints', i, 'if']), message, fix: `known: ${names.join(', ')}` }]
  })
}

function brokenLinks(course: Course): Problem[] {
  const pages = new Set(course.chapters.flatMap((chapter) => chapter.pages.map((page) => page.id)))
  const out: Problem[] = []
  for (const chapter of course.chapters) {
    const labs = new Set(chapter.labs.map((lab) => lab.id))
    for (const lab of chapter.labs) {
      for (const page of lab.teaches)
        if (!pages.has(page)) out.push({ file: lab.file, message: `teaches "${page}", which is no page` })
    }
    for (const page of chapter.pages) {
      for (const lab of page.en.labs)
        if (!labs.has(lab))
          out.push({ file: page.en.file, message: `names the lab "${lab}", which this chapter does not have` })
    }
  }
  return out
}

import { resolve } from 'node:path'
import { loadCourse } from '../../course/load.ts'
import { formatProblem } from '../../course/problem.ts'
import { proofParts } from '../../course/prove/course.ts'
import { type CliCommand, UsageError } from '../command.ts'
import { proveSideBySide } from '../prove/side-by-side.ts'
import { wantedFiles } from '../prove/wanted.ts'
import { readCourseFolder } from '../storage/course-folder.ts'

export const check: CliCommand = {
  usage: 'check [DIR|FILE…] [--static] [--mutants]',
  summary: 'proves a course: every page, every lab (for instructors)',
  help: 'DIR is a course, or a part of one such as lessons/03-pods or labs/03-pods/first-pod.yaml.\n--static only reads the files. --mutants also tries machine-made wrong answers.\nExit status: 0 all is well, 1 not.',
  options: { static: { type: 'boolean' }, mutants: { type: 'boolean' } },
  operands: [0, 20],
  async run({ operands, values }, context) {
    const { folder, only } = courseAndParts(operands, context.courseFolder)
    const files = readCourseFolder(folder)
    if (files.size === 0) throw new UsageError(`no course in ${folder}: it has no lessons, labs or graders`)
    const { course, problems } = loadCourse(files)
    let found = 0
    const wanted = wantedFiles(only)
    const lost = only.filter((part) => ![...files.keys()].some((file) => file.startsWith(part)))
    if (lost.length > 0) throw new UsageError(`${lost[0]}: no such part of the course in ${folder}`)
    // A lab whose grader is broken is not loaded: what keeps a wanted part from being proven is told with it.
    const chapters = new Set(only.map((part) => part.split('/')[1]))
    const names = new Set(only.map(nameOf))
    const concerns = (file: string) =>
      wanted(file) || names.has(nameOf(file)) || (file.endsWith('/chapter.yaml') && chapters.has(file.split('/')[1]))
    for (const problem of problems.filter(({ file }) => concerns(file))) {
      context.warn(formatProblem(problem))
      found++
    }
    if (!values.static) {
      const task = { folder, only, options: { mutants: Boolean(values.mutants) } }
      for await (const step of proveSideBySide(proofParts(course, wanted), task)) {
        for (const problem of step.problems) context.warn(formatProblem(problem))
        found += step.problems.length
        context.print(`${step.problems.length === 0 ? 'ok  ' : 'FAIL'} ${step.name}`)
      }
    }
    context.print(found === 0 ? 'All is well.' : `${found} problem${found === 1 ? '' : 's'}.`)
    return found === 0 ? 0 : 1
  },
}

/** `03-pods/x` of `labs/03-pods/x.yaml` and of its grader. */
const nameOf = (file: string) => /^[^/]+\/([^/]+\/[^/.]+)/.exec(file)?.[1] ?? file

/** `labs/03-pods/x.yaml` and its like are parts of the course they stand in. */
function courseAndParts(operands: readonly string[], course: string): { folder: string; only: string[] } {
  let folder = course
  const only: string[] = []
  for (const operand of operands) {
    const path = resolve(operand)
    const part = /^(.*?)[\\/]((?:lessons|labs|graders)(?:[\\/].*)?)$/.exec(path)
    if (!part) folder = path
    else {
      folder = part[1]!
      only.push(part[2]!.replaceAll('\\', '/'))
    }
  }
  return { folder, only }
}

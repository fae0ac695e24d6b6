/** Something wrong in a course's files, for its author: where, what, and the way out. */
export interface Problem {
  /** Relative to the course folder. */
  file: string
  /** From 1; absent when the whole file is meant. */
  line?: number
  message: string
  /** What to do about it. */
  fix?: string
}

/** `labs/03-pods/first-pod.yaml:12: unknown field "tsk" (did you mean "task"?)` */
export function formatProblem(problem: Problem): string {
  const where = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`
  return `${where}: ${problem.message}${problem.fix ? `\n    ${problem.fix}` : ''}`
}

import type { Course } from '../course/course.ts'
import { findLab } from '../course/course.ts'
import type { Lab } from '../course/lab.ts'
import type { Language } from '../course/language.ts'
import { formatProblem } from '../course/problem.ts'
import { ansiStyle, plainStyle, type Style } from '../course/report/style.ts'
import { nearest } from '../course/schema.ts'
import { UsageError } from './command.ts'
import { compiledCourse } from './storage/compiled-course.ts'
import { builtInCourse, readCourseFolder } from './storage/course-folder.ts'
import { dataFolder } from './storage/data-folder.ts'
import { JournalFiles } from './storage/journal-files.ts'
import { ProgressFile } from './storage/progress-file.ts'

export interface GlobalOptions {
  course?: string
  language?: Language
  speed?: number
  color: boolean
}

/** What every command can ask for; made when first asked. */
export class CliContext {
  readonly options: GlobalOptions
  #course: Course | undefined
  #progress: ProgressFile | undefined
  #journals: JournalFiles | undefined

  constructor(options: GlobalOptions) {
    this.options = options
  }

  get courseFolder(): string {
    return this.options.course ?? builtInCourse()
  }

  /** What is broken in it is told once on standard error; the rest can be used. */
  async course(): Promise<Course> {
    this.#course ??= this.options.course === undefined ? compiledCourse() : undefined
    if (!this.#course) {
      const files = readCourseFolder(this.courseFolder)
      if (files.size === 0)
        throw new UsageError(`no course in ${this.courseFolder}: it has no lessons, labs or graders`)
      const { loadCourse } = await import('../course/load.ts')
      const { course, problems } = loadCourse(files)
      for (const problem of problems) this.warn(formatProblem(problem))
      this.#course = course
    }
    return this.#course
  }

  /** The learner's folder; each course other than the built-in one has a part of its own. */
  get #folder(): string {
    const name = this.options.course === undefined ? undefined : `course-${hash(this.options.course)}`
    return dataFolder(process.env, name)
  }

  get progress(): ProgressFile {
    if (!this.#progress) {
      this.#progress = new ProgressFile(this.#folder)
      if (this.#progress.damaged) {
        this.warn(
          `kubebook: the progress file was damaged; it is kept as ${this.#progress.damaged}. Journals are not affected.`,
        )
      }
    }
    return this.#progress
  }

  get journals(): JournalFiles {
    this.#journals ??= new JournalFiles(this.#folder)
    return this.#journals
  }

  get language(): Language {
    return this.options.language ?? this.progress.value.language ?? systemLanguage(process.env)
  }

  get style(): Style {
    return this.options.color && process.stdout.isTTY ? ansiStyle : plainStyle
  }

  get interactive(): boolean {
    return Boolean(process.stdin.isTTY && process.stdout.isTTY)
  }

  async lab(id: string): Promise<Lab> {
    const course = await this.course()
    const lab = findLab(course, id)
    if (lab) return lab
    const known = course.chapters.flatMap((chapter) => chapter.labs.map((item) => item.id))
    const near = nearest(id, known)
    throw new UsageError(`no lab "${id}"${near ? ` (did you mean "${near}"?)` : `; known: ${known.join(', ')}`}`)
  }

  print(text: string): void {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  warn(text: string): void {
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** Runs at the end, whatever happened. */
  close(): void {
    this.#journals?.release()
  }
}

function systemLanguage(env: NodeJS.ProcessEnv): Language {
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh' : 'en'
}

function hash(text: string): string {
  let h = 5381
  for (const char of text) h = (Math.imul(h, 33) ^ char.codePointAt(0)!) >>> 0
  return h.toString(36)
}

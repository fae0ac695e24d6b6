import type { Lab } from './lab.ts'
import type { Language, Text } from './language.ts'
import type { Page } from './lesson/page.ts'

/** A whole course, complete and checked. */
export interface Course {
  readonly chapters: readonly Chapter[]
}

export interface Chapter {
  /** `03-pods` */
  readonly id: string
  /** `3` of `03-pods`. */
  readonly number: number
  readonly title: Text
  readonly about: Text
  /** In the order of their file names. */
  readonly pages: readonly LocalPage[]
  readonly labs: readonly Lab[]
}

/** One page in every language. */
export type LocalPage = { readonly id: string } & Readonly<Record<Language, Page>>

export function findLab(course: Course, id: string): Lab | undefined {
  const [chapter, name] = id.includes('/') ? id.split('/') : [undefined, id]
  for (const { id: chapterId, labs } of course.chapters) {
    if (chapter !== undefined && chapter !== chapterId) continue
    const lab = labs.find((item) => item.id === name)
    if (lab) return lab
  }
  return undefined
}

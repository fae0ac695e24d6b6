import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../../course/course.ts'
import { builtInCourse } from './course-folder.ts'

/** The built-in course as the build read it; undefined when there is none, or a course file is newer. */
export function compiledCourse(): Course | undefined {
  const root = builtInCourse()
  // An installed package is not edited, and its times tell nothing.
  const installed = /[\\/]node_modules[\\/]/.test(root)
  const file = join(root, 'dist', 'course.json')
  try {
    const compiled = statSync(file).mtimeMs
    if (!installed && ['lessons', 'labs', 'graders'].some((folder) => newest(join(root, folder)) > compiled))
      return undefined
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Not built (running from sources): the folder itself is read.
    return undefined
  }
}

function newest(path: string): number {
  let latest = statSync(path).mtimeMs
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(inner) : statSync(inner).mtimeMs)
  }
  return latest
}

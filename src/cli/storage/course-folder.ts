import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CourseFiles } from '../../course/load.ts'

/** The folder that holds the built-in course: beside the bundle, or above the sources. */
export function builtInCourse(): string {
  let folder = resolve(fileURLToPath(import.meta.url), '..')
  while (!existsSync(join(folder, 'lessons')) && folder !== resolve(folder, '..')) folder = resolve(folder, '..')
  return folder
}

/** All files of a course; paths are relative and have slashes. Throws when there is no course. */
export function readCourseFolder(folder: string): CourseFiles {
  const files = new Map<string, string>()
  const visit = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      if (name.startsWith('.')) continue
      const inner = join(path, name)
      if (statSync(inner).isDirectory()) visit(inner)
      else files.set(relative(folder, inner).replaceAll('\\', '/'), readFileSync(inner, 'utf8'))
    }
  }
  for (const part of ['lessons', 'labs', 'graders']) if (existsSync(join(folder, part))) visit(join(folder, part))
  return files
}

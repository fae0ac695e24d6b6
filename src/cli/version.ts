import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtInCourse } from './storage/course-folder.ts'

export function version(): string {
  return JSON.parse(readFileSync(join(builtInCourse(), 'package.json'), 'utf8')).version
}

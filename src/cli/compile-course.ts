import { writeFileSync } from 'node:fs'
import { loadCourse } from '../course/load.ts'
import { formatProblem } from '../course/problem.ts'
import { readCourseFolder } from './storage/course-folder.ts'

// Part of the build: reads the course in a folder and writes it as one JSON file. Problems are told, not fatal:
// `kubebook check` is where they count.
const [, , folder = '.', out = 'course.json'] = process.argv
const { course, problems } = loadCourse(readCourseFolder(folder))
for (const problem of problems) console.error(formatProblem(problem))
writeFileSync(out, JSON.stringify(course))

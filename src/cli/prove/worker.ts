import { parentPort, workerData } from 'node:worker_threads'
import { loadCourse } from '../../course/load.ts'
import { type ProofPart, type ProofStep, provePart } from '../../course/prove/course.ts'
import type { ProofOptions } from '../../course/prove/lab.ts'
import { readCourseFolder } from '../storage/course-folder.ts'
import { worldSource } from '../world-source.ts'
import { wantedFiles } from './wanted.ts'

/** What a worker is told when it begins. */
export interface ProofTask {
  folder: string
  only: readonly string[]
  options: ProofOptions
}

/** A worker's answers. After `done` it waits for the next part. */
export type ProofMessage = { step: ProofStep } | { done: true }

// A thread of its own that proves the parts it is sent, one after the other.
const { folder, only, options } = workerData as ProofTask
const { course } = loadCourse(readCourseFolder(folder))
const say = (message: ProofMessage) => parentPort!.postMessage(message)
parentPort!.on('message', async (part: ProofPart) => {
  const worlds = await worldSource()
  for await (const step of provePart(course, part, worlds, wantedFiles(only), options)) say({ step })
  say({ done: true })
})

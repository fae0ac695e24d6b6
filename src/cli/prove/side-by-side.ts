import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ProofPart, ProofStep } from '../../course/prove/course.ts'
import type { ProofMessage, ProofTask } from './worker.ts'

/** Megabytes of young objects: a world makes many that die at once, and small nurseries are swept too often. */
const nursery = 64

/** Proves the parts in as many threads as there are processors; steps come in the order of the parts. */
export async function* proveSideBySide(parts: readonly ProofPart[], task: ProofTask): AsyncGenerator<ProofStep> {
  const queues = parts.map(() => new Queue())
  let next = 0
  const workers = Array.from({ length: Math.min(availableParallelism(), parts.length) }, () => {
    const worker = new Worker(workerFile(), {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: nursery, maxOldGenerationSizeMb: 4096 },
    })
    let queue: Queue | undefined
    const give = () => {
      const index = next++
      queue = queues[index]
      if (queue) worker.postMessage(parts[index])
      else void worker.terminate()
    }
    worker.on('message', (message: ProofMessage) => {
      if ('step' in message) return queue!.add(message.step)
      queue!.end()
      give()
    })
    worker.on('error', (error) => {
      for (const waiting of queues) waiting.fail(error)
    })
    give()
    return worker
  })
  try {
    for (const queue of queues) yield* queue.steps()
  } finally {
    for (const worker of workers) void worker.terminate()
  }
}

/** Beside the bundle's main file, which may be one folder up from this part of it. */
function workerFile(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return [here, dirname(here)].map((folder) => join(folder, 'prove-worker.js')).find((file) => existsSync(file))!
}

/** Steps of one part, between the thread that finds them and the one that tells them. */
class Queue {
  readonly #steps: ProofStep[] = []
  #ended = false
  #error: Error | undefined
  #wake: (() => void) | undefined

  add(step: ProofStep): void {
    this.#steps.push(step)
    this.#wake?.()
  }

  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  fail(error: Error): void {
    this.#error ??= error
    this.#wake?.()
  }

  async *steps(): AsyncGenerator<ProofStep> {
    for (;;) {
      const step = this.#steps.shift()
      if (step) yield step
      else if (this.#error) throw this.#error
      else if (this.#ended) return
      else
        await new Promise<void>((wake) => {
          this.#wake = wake
        })
    }
  }
}

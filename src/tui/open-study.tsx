import { render } from 'ink'
import type { Desk } from '../course/session/desk.ts'
import { KeyReader } from './input/keys.ts'
import { handleKeys } from './input/study-input.ts'
import { startPacer } from './pacer.ts'
import { Study } from './study/study.ts'
import { App } from './views/app.tsx'

export interface StudySettings {
  speed: number | undefined
  color: boolean
  /** Begin at the home instead of the step. */
  home: boolean
}

/** Runs the study session in this terminal until the learner leaves. */
export async function openStudy(desk: Desk, settings: StudySettings): Promise<void> {
  const { stdin, stdout } = process
  let leave: () => void = () => {}
  const left = new Promise<void>((done) => {
    leave = done
  })
  const study = new Study({ desk, ...settings, columns: stdout.columns, rows: stdout.rows, leave })
  const app = render(<App study={study} />, {
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
  })
  const stopKeys = readKeys(study)
  stdout.write('\x1b[?2004h\x1b[?25l')
  const resized = () => study.resize(stdout.columns, stdout.rows)
  stdout.on('resize', resized)
  // The first picture comes before the first world: making one takes the processor for itself.
  const opening = setTimeout(() => void desk.go(desk.step), 30)
  const stopPacer = startPacer(study, () => performance.now())
  // A fault of a simulated program must not take the book with it: it is told where it happened.
  const failed = (error: unknown) => {
    const words = error instanceof Error ? error.message : String(error)
    desk.session?.show(`\r\n\x1b[31m${words}\x1b[0m\r\n`)
  }
  process.on('uncaughtException', failed)
  process.on('unhandledRejection', failed)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, leave)
  await left
  clearTimeout(opening)
  stopPacer()
  stopKeys()
  stdout.off('resize', resized)
  stdout.write('\x1b[?2004l')
  app.unmount()
  await app.waitUntilExit()
  stdout.write('\x1b[?25h')
  await desk.close()
  process.off('uncaughtException', failed)
  process.off('unhandledRejection', failed)
  stdin.pause()
}

function readKeys(study: Study): () => void {
  const { stdin } = process
  const reader = new KeyReader()
  let timer: NodeJS.Timeout | undefined
  const onData = (chunk: string) => {
    clearTimeout(timer)
    handleKeys(study, reader.read(chunk))
    if (reader.waiting) timer = setTimeout(() => handleKeys(study, reader.flush()), 40)
  }
  stdin.setEncoding('utf8')
  stdin.setRawMode(true)
  stdin.on('data', onData)
  stdin.resume()
  return () => {
    clearTimeout(timer)
    stdin.off('data', onData)
    stdin.setRawMode(false)
  }
}

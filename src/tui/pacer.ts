import type { Study } from './study/study.ts'

/** Lets virtual time pass with real time: wall time × speed. Gives the function that stops it. */
export function startPacer(study: Study, now: () => number): () => void {
  const tick = 30
  /** After a pause of the host (suspend, a slow check) time does not leap. */
  const most = 250
  /** A busy world falls behind rather than holding up the keys and the screen. */
  const patience = 120
  let stopped = false
  let before = now()
  let drawn = 0
  const beat = async () => {
    const time = now()
    const elapsed = Math.min(most, time - before)
    before = time
    const { session, busy } = study.desk
    if (session && !busy && study.view === 'study')
      await session.pass(elapsed * study.speed, () => stopped || now() - time > patience).catch(report)
    await study.desk.watchTime().catch(report)
    const second = Math.floor((session?.world.now ?? 0) / (study.overlay || study.moving ? 250 : 1000))
    if (second !== drawn) {
      drawn = second
      study.changed()
    }
    if (!stopped) setTimeout(beat, tick)
  }
  const report = (error: unknown) =>
    study.desk.session?.show(`\r\n\x1b[31m${error instanceof Error ? error.message : error}\x1b[0m\r\n`)
  void beat()
  return () => {
    stopped = true
  }
}

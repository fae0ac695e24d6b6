import type { World } from '../sim/world/api.ts'

/** Connects this terminal to the world's: bytes through, time as it passes. Ends when the learner's shell does. */
export async function rawTerminal(world: World, speed: number): Promise<number> {
  const { stdin, stdout } = process
  const size = () => ({ columns: stdout.columns, rows: stdout.rows })
  const typed: string[] = []
  let ended = false
  world.onOutput((text) => {
    stdout.write(text)
    // bash says this when it leaves.
    if (/(^|\n)(logout|exit)\r?\n$/.test(text)) ended = true
  })
  world.input({ type: 'resize', size: size() })
  stdout.on('resize', () => typed.push(''))
  stdin.setRawMode(true)
  stdin.on('data', (bytes) => {
    typed.push(String(bytes))
    if (String(bytes) === '\x1d') ended = true
  })
  let before = performance.now()
  while (!ended) {
    for (const text of typed.splice(0)) {
      if (text === '') world.input({ type: 'resize', size: size() })
      else world.input({ type: 'type', text })
    }
    const now = performance.now()
    await world.run({ until: world.now + (now - before) * speed })
    before = now
    await new Promise((done) => setTimeout(done, 15))
  }
  stdin.setRawMode(false)
  stdin.pause()
  return 0
}

import { type Applet, complain, curly, say } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'

/** Divisions before the machine rests. */
const STEPS = 100_000n

export const factor: Applet = async (call) => {
  const { process } = call
  const asked =
    call.args.length > 0 ? call.args : (await readInputText(process, '-')).split(/\s+/).filter((word) => word !== '')
  let status = 0
  for (const word of asked) {
    if (!/^\+?\d+$/.test(word)) {
      await complain(call, say(call, `${curly(word)} is not a valid positive integer`, `invalid number '${word}'`))
      status = 1
      continue
    }
    let left = BigInt(word)
    const found: bigint[] = []
    let steps = 0n
    for (let by = 2n; by * by <= left; by += by === 2n ? 1n : 2n) {
      if (++steps % STEPS === 0n) await process.compute(50)
      while (left % by === 0n) {
        found.push(by)
        left /= by
      }
    }
    if (left > 1n) found.push(left)
    await process.print(`${word.replace(/^\+?0*(?=\d)/, '')}:${found.map((each) => ` ${each}`).join('')}\n`)
  }
  return status
}

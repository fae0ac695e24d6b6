import { createInterface } from 'node:readline'
import type { Desk } from '../course/session/desk.ts'
import { plainText } from '../course/session/typist.ts'
import { type SessionWord, sessionWords } from '../course/session/words.ts'
import type { CliContext } from './context.ts'

/**
 * The study session without a terminal: commands from standard input, one a line, each printed after a `$`, its output
 * below. The book's words work as they do at the prompt. Gives true when the last `check` passed.
 */
export async function plainSession(desk: Desk, context: CliContext): Promise<boolean> {
  for await (const line of createInterface({ input: process.stdin })) {
    context.print(`$ ${line}`)
    const word = line.trim() as SessionWord
    const { session } = desk
    if (!session) break
    if (word === 'next' && desk.next) await desk.goNext()
    else if (sessionWords.includes(word)) context.print(plainText(await session.alone(() => desk.answer(word))))
    else {
      const output = await session.command(line)
      process.stdout.write(output.text)
      await desk.watchTime()
    }
  }
  return desk.grade?.passed ?? false
}

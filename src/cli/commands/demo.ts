import type { Lab } from '../../course/lab.ts'
import { proseLines } from '../../course/report/prose.ts'
import { commandsOf } from '../../course/session/commands-of.ts'
import { plainText, typeScript } from '../../course/session/typist.ts'
import { type CliCommand, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { passingDesk } from '../desk.ts'

export const demo: CliCommand = {
  usage: 'demo [LAB]',
  summary: 'plays a lab by itself: task, wrong try, verdict, solution, pass',
  operands: [0, 1],
  async run({ operands }, context) {
    const first = (await context.course()).chapters.flatMap((chapter) => chapter.labs)[0]
    const lab = operands[0] === undefined ? first : await context.lab(operands[0])
    if (!lab) throw new UsageError('this course has no labs')
    await play(lab, context)
    return 0
  },
}

async function play({ id }: Lab, context: CliContext): Promise<void> {
  const desk = await passingDesk(context, `lab:${id}`)
  const pace = new Pace(context)
  const { language, style } = context
  await desk.go(desk.step)
  const session = desk.session!
  if (desk.step.type !== 'lab') return
  const { lab } = desk.step
  await pace.say(
    `${style.bold(lab.title[language])}\n\n${proseLines(lab.task[language], 76, style.color).join('\n')}\n`,
  )
  const act = async (script: string) => {
    for (const command of commandsOf(script)) {
      await pace.type(command)
      const output = await session.alone(() => typeScript(session.world, command))
      await pace.say(output.text.replace(/\n$/, ''))
    }
    await pace.type('check')
    const verdict = await session.alone(() => desk.answer('check'))
    await pace.say((style.color ? verdict.replaceAll('\r', '') : plainText(verdict)).trimEnd())
  }
  await act(lab.mistakes[0]!.script)
  await session.alone(() => session.resetNow())
  await pace.say(`\n${style.dim({ en: '# Once more, from the start.', zh: '# 从头再来一次。' }[language])}`)
  await act(lab.solutions[0]!.script)
  await desk.close()
}

/** At reading pace in a terminal, at full speed otherwise. */
class Pace {
  readonly #context: CliContext
  readonly #slow: boolean
  constructor(context: CliContext) {
    this.#context = context
    this.#slow = Boolean(process.stdout.isTTY)
  }

  async say(text: string): Promise<void> {
    if (text.trim() === '') return
    this.#context.print(text)
    await this.#wait(Math.min(4000, 600 + text.length * 8))
  }

  async type(command: string): Promise<void> {
    process.stdout.write(this.#context.style.accent('$ '))
    for (const char of command) {
      process.stdout.write(char)
      await this.#wait(25)
    }
    process.stdout.write('\n')
    await this.#wait(300)
  }

  #wait(ms: number): Promise<void> | undefined {
    if (!this.#slow) return undefined
    return new Promise((done) => setTimeout(done, ms / (this.#context.options.speed ?? 1)))
  }
}

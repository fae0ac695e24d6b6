#!/usr/bin/env node
import module from 'node:module'
import { parseArgs } from 'node:util'
import { isLanguage } from '../course/language.ts'
import { nearest } from '../course/schema.ts'
import { type CliCommand, UsageError } from './command.ts'
import { commands } from './commands/index.ts'
import { CliContext, type GlobalOptions } from './context.ts'
import { commandHelp, generalHelp } from './help.ts'
import { version } from './version.ts'

// Node 22 and later keep what was compiled; the big parts are imported later and profit.
;(module as { enableCompileCache?: () => void }).enableCompileCache?.()

const globalOptions = {
  course: { type: 'string' },
  lang: { type: 'string' },
  speed: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

async function main(argv: readonly string[]): Promise<number> {
  const name = commandName(argv)
  const load = commands[name]
  if (!load) {
    const near = nearest(name, Object.keys(commands))
    throw new UsageError(`unknown command "${name}"${near ? ` (did you mean "${near}"?)` : ''}`)
  }
  const command = await load()
  const { values, positionals } = parse(argv, command)
  if (values.version) return say(version())
  if (values.help) return say(name === '' ? await generalHelp() : commandHelp(command))
  const operands = name === '' ? positionals : positionals.slice(1)
  const [min, max] = command.operands
  if (operands.length < min || operands.length > max) throw new UsageError(`usage: kubebook ${command.usage}`)
  const context = new CliContext(readGlobals(values))
  process.once('exit', () => context.close())
  return await command.run({ operands, values }, context)
}

/** The first word that is no option and no option's value. */
function commandName(argv: readonly string[]): string {
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!
    if (word === '--') return ''
    if (['--course', '--lang', '--speed'].includes(word)) i++
    else if (!word.startsWith('-') || word === '-') return word
  }
  return ''
}

function parse(argv: readonly string[], command: CliCommand) {
  try {
    const options = { ...globalOptions, ...command.options }
    return parseArgs({ args: [...argv], options, allowPositionals: true }) as {
      values: Record<string, string | boolean | undefined>
      positionals: string[]
    }
  } catch (error) {
    throw new UsageError((error as Error).message.split('.')[0])
  }
}

function readGlobals(values: Record<string, string | boolean | undefined>): GlobalOptions {
  const { lang, speed, course } = values as Record<string, string | undefined>
  if (lang !== undefined && !isLanguage(lang)) throw new UsageError(`--lang is en or zh, not "${lang}"`)
  const factor = speed === undefined ? undefined : Number(speed)
  if (factor !== undefined && !(factor > 0 && factor <= 1000))
    throw new UsageError(`--speed is a number above 0 and at most 1000, not "${speed}"`)
  return {
    course,
    language: lang as GlobalOptions['language'],
    speed: factor,
    color: !values['no-color'] && !process.env.NO_COLOR,
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

// A reader that closes early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (error) => {
    const usage = error instanceof UsageError
    process.stderr.write(`kubebook: ${usage || !process.env.KUBEBOOK_DEBUG ? error.message : error.stack}\n`)
    if (usage) process.stderr.write("Try 'kubebook --help'.\n")
    process.exitCode = 2
  },
)

import type { Completer } from '../../../sim/linux/shell/completion.ts'
import type { Command } from '../command.ts'
import type { ApiResource } from '../discovery/resource.ts'
import type { FlagSpec } from '../flags/flag.ts'
import { GLOBAL_FLAGS } from '../flags/global.ts'
import { parseFlags } from '../flags/parse.ts'
import { ROOT } from '../registry.ts'
import { findCommand } from '../run.ts'
import { Session } from '../session.ts'
import { flagValues, namesOf } from './values.ts'

/** Commands whose first argument is a kind and whose others are names. */
const BY_TYPE = new Set([
  'get',
  'describe',
  'delete',
  'edit',
  'label',
  'annotate',
  'patch',
  'expose',
  'scale',
  'autoscale',
  'wait',
  'status',
  'history',
  'undo',
  'restart',
  'pause',
  'resume',
  'image',
  'env',
  'serviceaccount',
])
const BY_POD = new Set(['logs', 'exec', 'attach', 'port-forward', 'cp', 'debug'])
const BY_NODE = new Set(['cordon', 'uncordon', 'drain'])
const WORKLOADS = new Set(['scale', 'autoscale', 'status', 'history', 'undo', 'restart', 'pause', 'resume'])

/** Proposes kubectl's words: commands, flags and their values, kinds, names. Empty where files are meant. */
export const completeKubectl: Completer = async ({ shell, words }) => {
  const word = words.at(-1) ?? ''
  const before = words.slice(1, -1)
  const { command, path, args: rest } = findCommand(ROOT, before)
  const flags = [...(command.flags ?? []), ...GLOBAL_FLAGS].filter((flag) => !flag.hidden)
  const session = sessionFor(shell.process, command, path, flags, rest)
  const pending = pendingFlag(before.at(-1), flags)
  try {
    if (pending) return starting(await flagValues(session, pending), word)
    const inline = /^--([\w-]+)=(.*)$/.exec(word)
    if (inline) {
      const flag = flags.find((f) => f.name === inline[1])
      return flag ? starting(await flagValues(session, flag), inline[2]!).map((value) => `--${inline[1]}=${value}`) : []
    }
    if (word.startsWith('-'))
      return starting(
        flags.map((flag) => `--${flag.name}${flag.alone === undefined ? '=' : ''}`),
        word,
      )
    return starting(await argumentWords(session, command, word), word)
  } catch {
    // A cluster that does not answer proposes nothing.
    return []
  }
}

const starting = (all: readonly string[], prefix: string) => all.filter((text) => text.startsWith(prefix))

function sessionFor(
  process: any,
  command: Command,
  path: string,
  flags: readonly FlagSpec[],
  rest: readonly string[],
): Session {
  try {
    const parsed = parseFlags([...GLOBAL_FLAGS, ...(command.flags ?? [])], rest)
    return new Session(process, command, path, { args: parsed.args, dashAt: parsed.dashAt, flags: parsed.values })
  } catch {
    const parsed = parseFlags(flags, [])
    return new Session(process, command, path, { args: [], dashAt: -1, flags: parsed.values })
  }
}

/** The flag that waits for its value in the word being typed. */
function pendingFlag(last: string | undefined, flags: readonly FlagSpec[]): FlagSpec | undefined {
  if (last === undefined || !last.startsWith('-') || last.includes('=')) return undefined
  const flag = last.startsWith('--')
    ? flags.find((f) => f.name === last.slice(2))
    : flags.find((f) => f.shorthand === last.at(-1))
  return flag?.alone === undefined ? flag : undefined
}

async function argumentWords(session: Session, command: Command, word: string): Promise<string[]> {
  const { args } = session
  if (command.subcommands && args.length === 0 && (!command.run || command.name === 'create')) {
    return command.subcommands.filter((c) => !c.hidden).map((c) => c.name)
  }
  if (BY_NODE.has(command.name)) return namesOf(session, 'nodes')
  if (BY_POD.has(command.name)) return args.length === 0 ? podWords(session, word) : []
  if (command.name === 'use-context' || command.name === 'rename-context' || command.name === 'delete-context') {
    return session.config.loaded.config.contexts.map((c) => c.name)
  }
  if (command.name === 'explain') return (await listable(session)).map((r) => r.resource)
  if (command.name === 'taint') return args.length === 0 ? ['nodes'] : namesOf(session, 'nodes')
  if (BY_TYPE.has(command.name)) return typeWords(session, command, word)
  return []
}

async function podWords(session: Session, word: string): Promise<string[]> {
  if (!word.includes('/')) return [...(await namesOf(session, 'pods')), 'deployment/', 'job/', 'pod/', 'service/']
  const [type = ''] = word.split('/')
  return (await namesOf(session, type)).map((name) => `${type}/${name}`)
}

async function typeWords(session: Session, command: Command, word: string): Promise<string[]> {
  const { args } = session
  if (word.includes('/')) {
    const [type = ''] = word.split('/')
    return (await namesOf(session, type)).map((name) => `${type}/${name}`)
  }
  if (args.length > 0) return args[0]!.includes('/') ? [] : namesOf(session, args[0]!.split(',')[0]!)
  const resources = await listable(session)
  const chosen = WORKLOADS.has(command.name)
    ? resources.filter((r) => ['apps', ''].includes(r.group) && r.subresources.includes('scale'))
    : resources
  const names = chosen.map((r) => r.resource)
  const prefix = word.includes(',') ? word.slice(0, word.lastIndexOf(',') + 1) : ''
  return [...names.map((name) => prefix + name), ...(command.name === 'get' ? ['all'] : [])]
}

async function listable(session: Session): Promise<ApiResource[]> {
  const { resources, versions } = await session.mapper.discovered()
  return resources.filter((r) => r.verbs.includes('list') && versions.get(r.group)?.[0] === r.version)
}

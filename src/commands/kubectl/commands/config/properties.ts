import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { bool } from '../../flags/flag.ts'
import type { KubeConfig } from '../../kubeconfig/config.ts'
import { editConfig } from './edit-file.ts'

const MEMBER = { clusters: 'cluster', contexts: 'context', users: 'user' } as const
type Section = keyof typeof MEMBER

interface Property {
  section: Section | undefined
  /** Entry of the section. */
  name: string
  /** Property of the entry; empty: the whole entry. */
  property: string
}

/** `clusters.my.cluster.server`: names may hold dots, so the entry is found by what exists. */
function parse(config: KubeConfig, text: string): Property {
  const [first = '', ...rest] = text.split('.')
  if (!(first in MEMBER)) return { section: undefined, name: '', property: text }
  const section = first as Section
  const names = config[section].map((entry) => entry.name).sort((a, b) => b.length - a.length)
  const joined = rest.join('.')
  const name = names.find((n) => joined === n || joined.startsWith(`${n}.`))
  if (name !== undefined) return { section, name, property: joined.slice(name.length + 1) }
  return {
    section,
    name: rest.length > 1 ? rest.slice(0, -1).join('.') : joined,
    property: rest.length > 1 ? rest.at(-1)! : '',
  }
}

export const setProperty: Command = {
  name: 'set',
  short: 'Set an individual value in a kubeconfig file',
  long: 'Set an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.\n\n PROPERTY_VALUE is the new value you want to set.',
  examples:
    '\n# Set the server field on the my-cluster cluster to https://1.2.3.4\nkubectl config set clusters.my-cluster.server https://1.2.3.4',
  use: 'set PROPERTY_NAME PROPERTY_VALUE',
  flags: [
    bool(
      'set-raw-bytes',
      'When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.',
    ),
  ],
  async run(session) {
    const [path, value] = session.args
    if (session.args.length !== 2 || !path || value === undefined)
      throw session.usageError(`unexpected args: [${session.args.join(' ')}]`)
    editConfig(session, path, (config) => {
      const { section, name, property } = parse(config, path)
      if (!section) {
        if (path !== 'current-context') throw new CliError(`unable to parse one or more field values of ${path}`)
        config['current-context'] = value
        return
      }
      if (property === '') throw new CliError(`unable to set ${path}: property is missing`)
      let entry = config[section].find((e) => e.name === name) as any
      if (!entry) {
        entry = { name, [MEMBER[section]]: {} }
        ;(config[section] as unknown[]).push(entry)
      }
      entry[MEMBER[section]][property] = value === 'true' ? true : value === 'false' ? false : value
    })
    await session.print(`Property ${JSON.stringify(path)} set.\n`)
  },
}

export const unsetProperty: Command = {
  name: 'unset',
  short: 'Unset an individual value in a kubeconfig file',
  long: 'Unset an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.',
  examples: '\n# Unset the current-context\nkubectl config unset current-context',
  use: 'unset PROPERTY_NAME',
  async run(session) {
    const [path] = session.args
    if (session.args.length !== 1 || !path) throw session.usageError(`unexpected args: [${session.args.join(' ')}]`)
    editConfig(session, path, (config) => {
      const { section, name, property } = parse(config, path)
      if (!section) {
        if (path === 'current-context') config['current-context'] = ''
        return
      }
      const entry = config[section].find((e) => e.name === name) as any
      if (!entry) throw new CliError(`current map key ${JSON.stringify(name)} is invalid`)
      if (property === '') (config as any)[section] = config[section].filter((e) => e.name !== name)
      else delete entry[MEMBER[section]][property]
    })
    await session.print(`Property ${JSON.stringify(path)} unset.\n`)
  },
}

import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { bool, string } from '../../flags/flag.ts'
import { TABLE, TabWriter } from '../../printers/tab-writer.ts'
import { editConfig, mergedConfig } from './edit-file.ts'

type Section = 'clusters' | 'contexts' | 'users'

export const currentContext: Command = {
  name: 'current-context',
  short: 'Display the current-context',
  long: 'Display the current-context.',
  examples: '\n# Display the current-context\nkubectl config current-context',
  use: 'current-context',
  async run(session) {
    const name = mergedConfig(session)['current-context']
    if (!name) throw new CliError('current-context is not set')
    await session.print(`${name}\n`)
  },
}

export const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  short: 'Set the current-context in a kubeconfig file',
  long: 'Set the current-context in a kubeconfig file.',
  examples: '\n# Use the context for the minikube cluster\nkubectl config use-context minikube',
  use: 'use-context CONTEXT_NAME',
  async run(session) {
    const [name] = session.args
    if (session.args.length !== 1) throw session.usageError(`unexpected args: [${session.args.join(' ')}]`)
    if (!mergedConfig(session).contexts.some((c) => c.name === name)) {
      throw new CliError(`no context exists with the name: ${JSON.stringify(name)}`)
    }
    editConfig(session, 'current-context', (config) => {
      config['current-context'] = name!
    })
    await session.print(`Switched to context ${JSON.stringify(name)}.\n`)
  },
}

export const renameContext: Command = {
  name: 'rename-context',
  short: 'Rename a context from the kubeconfig file',
  long: 'Renames a context from the kubeconfig file.',
  examples:
    "\n# Rename the context 'old-name' to 'new-name' in your kubeconfig file\nkubectl config rename-context old-name new-name",
  use: 'rename-context CONTEXT_NAME NEW_NAME',
  async run(session) {
    const [from, to] = session.args
    if (!from || !to) throw session.usageError(`unexpected args: [${session.args.join(' ')}]`)
    const { contexts } = mergedConfig(session)
    if (!contexts.some((c) => c.name === from))
      throw new CliError(
        `cannot rename the context ${JSON.stringify(from)}, it's not in ${session.flags.string('kubeconfig') || '/root/.kube/config'}`,
      )
    if (contexts.some((c) => c.name === to))
      throw new CliError(
        `cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${session.flags.string('kubeconfig') || '/root/.kube/config'}`,
      )
    editConfig(session, `contexts/${from}`, (config) => {
      for (const context of config.contexts) if (context.name === from) context.name = to
      if (config['current-context'] === from) config['current-context'] = to
    })
    await session.print(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`)
  },
}

export const getContexts: Command = {
  name: 'get-contexts',
  short: 'Describe one or many contexts',
  long: 'Display one or many contexts from the kubeconfig file.',
  examples: '\n# List all the contexts in your kubeconfig file\nkubectl config get-contexts',
  use: 'get-contexts [(-o|--output=)name)]',
  flags: [
    bool(
      'no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    string('output', 'Output format. One of: (name).', { shorthand: 'o' }),
  ],
  async run(session) {
    const config = mergedConfig(session)
    const output = session.flags.string('output')
    if (output !== '' && output !== 'name') throw new CliError(`output must be one of '' or 'name': ${output}`)
    const wanted = session.args.length > 0 ? session.args : config.contexts.map((c) => c.name).sort()
    const rows: string[] = []
    for (const name of wanted) {
      const context = config.contexts.find((c) => c.name === name)?.context
      if (!context) throw new CliError(`context ${name} not found`)
      const mark = config['current-context'] === name ? '*' : ''
      rows.push(
        output === 'name'
          ? name
          : [mark, name, context.cluster ?? '', context.user ?? '', context.namespace ?? ''].join('\t'),
      )
    }
    const header =
      output === 'name' || session.flags.bool('no-headers') ? [] : ['CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE']
    await session.print(new TabWriter(TABLE).format([...header, ...rows].map((row) => `${row}\n`).join('')))
  },
}

export function getNames(name: string, section: Section, short: string): Command {
  return {
    name,
    short,
    long: `${short}.`,
    use: name,
    async run(session) {
      const names = mergedConfig(session)
        [section].map((entry) => entry.name)
        .sort()
      await session.print(names.length > 0 ? `NAME\n${names.map((n) => `${n}\n`).join('')}` : 'NAME\n')
    },
  }
}

export function deleteEntry(kind: string, section: Section, short: string): Command {
  return {
    name: `delete-${kind}`,
    short,
    long: `${short}.`,
    use: `delete-${kind} NAME`,
    async run(session) {
      const [name] = session.args
      if (!name) throw session.usageError(`unexpected args: []`)
      const config = mergedConfig(session)
      const file = session.flags.string('kubeconfig') || `${session.process.env.get('HOME') ?? '/root'}/.kube/config`
      if (!config[section].some((entry) => entry.name === name))
        throw new CliError(`cannot delete ${kind} ${name}, not in ${file}`)
      const path = editConfig(session, `${section}/${name}`, (c) => {
        ;(c as any)[section] = c[section].filter((entry) => entry.name !== name)
      })
      if (section === 'contexts' && config['current-context'] === name) {
        await session.printError(
          'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
        )
      }
      await session.print(`deleted ${kind} ${name} from ${path}\n`)
    },
  }
}

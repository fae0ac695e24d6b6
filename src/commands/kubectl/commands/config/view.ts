import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { bool } from '../../flags/flag.ts'
import type { KubeConfig } from '../../kubeconfig/config.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import { mergedConfig } from './edit-file.ts'

export const view: Command = {
  name: 'view',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  long: 'Display merged kubeconfig settings or a specified kubeconfig file.\n\n You can use --output jsonpath={...} to extract specific values using a jsonpath expression.',
  examples: `
# Show merged kubeconfig settings
kubectl config view

# Show merged kubeconfig settings, raw certificate data, and exposed secrets
kubectl config view --raw

# Get the password for the e2e user
kubectl config view -o jsonpath='{.users[?(@.name == "e2e")].user.password}'`,
  use: 'view [flags]',
  flags: [
    ...printFlags(),
    bool(
      'flatten',
      'Flatten the resulting kubeconfig file into self-contained output (useful for creating portable kubeconfig files)',
    ),
    bool('merge', 'Merge the full hierarchy of kubeconfig files', { default: 'true' }),
    bool('minify', 'Remove all information not used by current-context from the output'),
    bool('raw', 'Display raw byte data and sensitive data'),
  ],
  async run(session) {
    const { flags } = session
    if (session.args.length > 0) throw session.usageError(`unexpected arguments: [${session.args.join(' ')}]`)
    const printer = printerFor(session, { fallback: 'yaml' })
    const merged = mergedConfig(session)
    const shown = flags.bool('minify') ? minified(merged, flags.string('context')) : merged
    await session.print(printer.print(flags.bool('raw') || flags.bool('flatten') ? tidy(shown) : redacted(tidy(shown))))
  },
}

function minified(config: KubeConfig, wanted: string): KubeConfig {
  const name = wanted || config['current-context']
  const context = config.contexts.find((c) => c.name === name)
  if (!name) throw new CliError('current-context must exist in order to minify')
  if (!context) throw new CliError(`cannot locate context ${name}`)
  return {
    ...config,
    'current-context': name,
    contexts: [context],
    clusters: config.clusters.filter((c) => c.name === context.context.cluster),
    users: config.users.filter((c) => c.name === context.context.user),
  }
}

function tidy(config: KubeConfig): KubeConfig {
  const { preferences, ...rest } = config
  const empty = (list: unknown[]) => (list.length > 0 ? list : null) as any
  const shown = { ...rest, clusters: empty(rest.clusters), contexts: empty(rest.contexts), users: empty(rest.users) }
  return Object.keys(preferences ?? {}).length > 0 ? { ...shown, preferences } : shown
}

function redacted(config: KubeConfig): KubeConfig {
  const hide = (object: Record<string, any>) =>
    Object.fromEntries(
      Object.entries(object).map(([key, value]) => {
        if (key.endsWith('-data') && value) return [key, 'DATA+OMITTED']
        if ((key === 'token' || key === 'password') && value) return [key, 'REDACTED']
        return [key, value]
      }),
    )
  return {
    ...config,
    clusters: config.clusters?.map((entry) => ({ ...entry, cluster: hide(entry.cluster) })) ?? null,
    users: config.users?.map((entry) => ({ ...entry, user: hide(entry.user ?? {}) })) ?? null,
  }
}

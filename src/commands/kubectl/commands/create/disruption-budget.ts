import { parseSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import { CliError } from '../../errors/errors.ts'
import { string } from '../../flags/flag.ts'
import { generator } from './generator.ts'

export const createDisruptionBudget = generator({
  name: 'poddisruptionbudget',
  aliases: ['pdb'],
  short: 'Create a pod disruption budget with the specified name',
  examples: `
# Create a pod disruption budget that requires at least one of the app's pods to be available at any time
kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1`,
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  flags: [
    string('max-unavailable', 'The maximum number or percentage of unavailable pods this budget requires.'),
    string('min-available', 'The minimum number or percentage of available pods this budget requires.'),
    string(
      'selector',
      'A label selector to use for this budget. Only equality-based selector requirements are supported.',
    ),
  ],
  failure: 'failed to create poddisruptionbudgets: ',
  build(session, name) {
    const { flags } = session
    const least = flags.string('min-available')
    const most = flags.string('max-unavailable')
    if (!flags.string('selector')) throw new CliError('a selector must be specified')
    if (!least && !most) throw new CliError('one of min-available or max-unavailable must be specified')
    if (least && most) throw new CliError('min-available and max-unavailable cannot be both specified')
    return {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name },
      spec: {
        ...(least ? { minAvailable: intOrString(least) } : {}),
        selector: { matchLabels: matchLabels(flags.string('selector')) },
        ...(most ? { maxUnavailable: intOrString(most) } : {}),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    }
  },
})

const intOrString = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : text)

function matchLabels(selector: string): Record<string, string> {
  return Object.fromEntries(parseSelector(selector).map((r) => [r.key, r.values[0] ?? '']))
}

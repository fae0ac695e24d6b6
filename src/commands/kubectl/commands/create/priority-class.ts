import { bool, int, string } from '../../flags/flag.ts'
import { generator } from './generator.ts'

export const createPriorityClass = generator({
  name: 'priorityclass',
  aliases: ['pc'],
  short: 'Create a priority class with the specified name',
  examples: `
# Create a priority class named high-priority
kubectl create priorityclass high-priority --value=1000 --description="high priority"`,
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  clusterWide: true,
  flags: [
    string(
      'description',
      'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
    ),
    bool(
      'global-default',
      'global-default specifies whether this PriorityClass should be considered as the default priority.',
    ),
    string('preemption-policy', 'preemption-policy is the policy for preempting pods with lower priority.', {
      default: 'PreemptLowerPriority',
    }),
    int('value', 'the value of this priority class.', { type: 'int32' }),
  ],
  failure: 'failed to create priorityclass: ',
  build(session, name) {
    const { flags } = session
    return {
      kind: 'PriorityClass',
      apiVersion: 'scheduling.k8s.io/v1',
      metadata: { name },
      value: flags.int('value'),
      ...(flags.bool('global-default') ? { globalDefault: true } : {}),
      ...(flags.string('description') ? { description: flags.string('description') } : {}),
      preemptionPolicy: flags.string('preemption-policy'),
    }
  },
})

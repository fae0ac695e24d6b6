import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

/** What both webhook configurations share; `defaultHook` fills in what only one of them has. */
export const webhookConfigurationKind = (
  defaultHook?: (hook: any) => void,
): Pick<KindDefinition, 'defaults' | 'cells'> => ({
  defaults(o) {
    for (const hook of o.webhooks ?? []) {
      hook.failurePolicy ??= 'Fail'
      hook.matchPolicy ??= 'Equivalent'
      hook.namespaceSelector ??= {}
      hook.objectSelector ??= {}
      hook.timeoutSeconds ??= 10
      if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443
      for (const rule of hook.rules ?? []) rule.scope ??= '*'
      defaultHook?.(hook)
    }
  },
  cells: (o, now) => [o.metadata.name, o.webhooks?.length ?? 0, age(o.metadata.creationTimestamp, now)],
})

import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const mutatingWebhookConfiguration: KindDefinition = {
  resource: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  defaults(o) {
    for (const hook of o.webhooks ?? []) {
      hook.failurePolicy ??= 'Fail'
      hook.matchPolicy ??= 'Equivalent'
      hook.namespaceSelector ??= {}
      hook.objectSelector ??= {}
      hook.timeoutSeconds ??= 10
      if (hook.clientConfig?.service) hook.clientConfig.service.port ??= 443
      for (const rule of hook.rules ?? []) rule.scope ??= '*'
      hook.reinvocationPolicy ??= 'Never'
    }
  },
  cells: (o, now) => [o.metadata.name, o.webhooks?.length ?? 0, age(o.metadata.creationTimestamp, now)],
}

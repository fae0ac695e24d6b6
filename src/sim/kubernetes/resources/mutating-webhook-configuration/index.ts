import { webhookConfigurationKind } from '../admission-webhook/configuration-kind.ts'
import type { KindDefinition } from '../definition.ts'

export const mutatingWebhookConfiguration: KindDefinition = {
  resource: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  ...webhookConfigurationKind((hook) => {
    hook.reinvocationPolicy ??= 'Never'
  }),
}

import { webhookConfigurationKind } from '../admission-webhook/configuration-kind.ts'
import type { KindDefinition } from '../definition.ts'

export const validatingWebhookConfiguration: KindDefinition = {
  resource: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  ...webhookConfigurationKind(),
}

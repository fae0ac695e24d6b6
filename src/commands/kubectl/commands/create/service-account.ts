import { generator } from './generator.ts'

export const createServiceAccount = generator({
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  examples: `
# Create a new service account named my-service-account
kubectl create serviceaccount my-service-account`,
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  failure: 'failed to create serviceaccount: ',
  build: (_, name) => ({ kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name } }),
})

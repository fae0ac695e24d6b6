import { generator } from './generator.ts'

export const createNamespace = generator({
  name: 'namespace',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name',
  examples: `
# Create a new namespace named my-namespace
kubectl create namespace my-namespace`,
  use: 'namespace NAME [--dry-run=server|client|none]',
  clusterWide: true,
  build: (_, name) => ({ kind: 'Namespace', apiVersion: 'v1', metadata: { name }, spec: {}, status: {} }),
})

import { internalOptions, type Operations } from './operations.ts'

const FIRST_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** What every new cluster has. */
export function bootstrap(operations: Operations): void {
  const options = internalOptions()
  const create = (resource: string, namespace: string | undefined, object: object) =>
    operations.create(operations.registry.named(resource)!, namespace, object, options)
  for (const name of FIRST_NAMESPACES) create('namespaces', undefined, { metadata: { name } })
}

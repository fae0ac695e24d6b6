import { stringify } from 'yaml'

/** A kubeconfig that points clients at the door, as the cluster's administrator. */
export function kubeconfig(server: string, token?: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'kubebook', cluster: { server } }],
    users: [{ name: 'kubebook-admin', user: token === undefined ? {} : { token } }],
    contexts: [{ name: 'kubebook', context: { cluster: 'kubebook', user: 'kubebook-admin' } }],
    'current-context': 'kubebook',
  })
}

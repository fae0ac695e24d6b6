/** A kubeconfig file's content (v1 Config). */
export interface KubeConfig {
  apiVersion?: string
  kind?: string
  preferences?: Record<string, unknown>
  clusters: Named<'cluster', Cluster>[]
  contexts: Named<'context', Context>[]
  users: Named<'user', User>[]
  'current-context': string
}

type Named<K extends string, T> = { name: string } & { [key in K]: T }

export interface Cluster {
  server?: string
  'certificate-authority'?: string
  'certificate-authority-data'?: string
  'insecure-skip-tls-verify'?: boolean
  'tls-server-name'?: string
  'proxy-url'?: string
}

export interface Context {
  cluster: string
  user: string
  namespace?: string
}

export interface User {
  'client-certificate'?: string
  'client-certificate-data'?: string
  'client-key'?: string
  'client-key-data'?: string
  token?: string
  tokenFile?: string
  username?: string
  password?: string
  as?: string
  'as-groups'?: string[]
  exec?: unknown
}

export const emptyConfig = (): KubeConfig => ({
  apiVersion: 'v1',
  kind: 'Config',
  preferences: {},
  clusters: [],
  contexts: [],
  users: [],
  'current-context': '',
})

export const clusterOf = (config: KubeConfig, name: string) => config.clusters.find((c) => c.name === name)?.cluster
export const contextOf = (config: KubeConfig, name: string) => config.contexts.find((c) => c.name === name)?.context
export const userOf = (config: KubeConfig, name: string) => config.users.find((c) => c.name === name)?.user

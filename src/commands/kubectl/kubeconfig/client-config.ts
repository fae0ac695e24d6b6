import type { Process } from '../../../sim/linux/process.ts'
import { CliError, ConfigurationError } from '../errors/errors.ts'
import type { FlagValues } from '../flags/values.ts'
import { clusterOf, contextOf, type KubeConfig, type User, userOf } from './config.ts'
import { type LoadedConfig, loadConfig } from './files.ts'

/** What a client needs to speak to a cluster. */
export interface ClientConfig {
  /** Origin and base path, without a slash at the end. */
  server: string
  user: User
  /** Nothing says who is asking: kubectl prompts. */
  anonymous: boolean
  namespace: string
  /** Whether the namespace was asked for by flag. */
  namespaceEnforced: boolean
  impersonate: { user?: string; groups: string[]; uid?: string }
  loaded: LoadedConfig
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Resolves flags over context over defaults, as clientcmd does. */
export function clientConfig(process: Process, flags: FlagValues): ClientConfig {
  const loaded = loadConfig(process, flags.string('kubeconfig'))
  const { config } = loaded
  const contextName = flags.string('context') || config['current-context']
  const context = contextOf(config, contextName)
  if (flags.string('context') && !context) {
    throw new ConfigurationError(`context was not found for specified context: ${flags.string('context')}`)
  }
  if (contextName && !context)
    throw new ConfigurationError(`context was not found for specified context: ${contextName}`)
  const inCluster = !context && !flags.string('server') && process.env.has('KUBERNETES_SERVICE_HOST')
  const user = userFor(process, config, flags, context?.user, inCluster)
  const namespaceFlag = flags.string('namespace')
  return {
    server: serverOf(process, config, flags, context?.cluster, inCluster),
    user,
    anonymous: !inCluster && !context && Object.keys(user).length === 0,
    namespace: namespaceFlag || context?.namespace || (inCluster && readToken(process, 'namespace')) || 'default',
    namespaceEnforced: namespaceFlag !== '',
    impersonate: {
      user: flags.string('as') || undefined,
      groups: flags.changed('as-group') ? flags.list('as-group') : [],
      uid: flags.string('as-uid') || undefined,
    },
    loaded,
  }
}

function serverOf(
  process: Process,
  config: KubeConfig,
  flags: FlagValues,
  clusterName: string | undefined,
  inCluster: boolean,
): string {
  const name = flags.string('cluster') || clusterName || ''
  const cluster = clusterOf(config, name)
  if (flags.string('cluster') && !cluster && !flags.string('server')) {
    throw new ConfigurationError(`no server found for cluster "${name}"`)
  }
  const server = flags.string('server') || cluster?.server
  if (server) return withScheme(server)
  if (inCluster) {
    return `https://${process.env.get('KUBERNETES_SERVICE_HOST')}:${process.env.get('KUBERNETES_SERVICE_PORT') ?? '443'}`
  }
  if (name) throw new ConfigurationError(`no server found for cluster "${name}"`)
  return 'http://localhost:8080'
}

function withScheme(server: string): string {
  const full = /^https?:\/\//.test(server) ? server : `http://${server}`
  return full.replace(/\/+$/, '')
}

function userFor(
  process: Process,
  config: KubeConfig,
  flags: FlagValues,
  userName: string | undefined,
  inCluster: boolean,
): User {
  const name = flags.string('user') || userName || ''
  const found = userOf(config, name)
  if (flags.string('user') && !found) throw new CliError(`auth info "${name}" does not exist`)
  let user: User = { ...found }
  if (inCluster) user = { token: readToken(process, 'token') }
  if (flags.string('token')) user = { token: flags.string('token') }
  if (flags.string('username')) user = { username: flags.string('username'), password: flags.string('password') }
  if (flags.string('client-certificate')) user['client-certificate'] = flags.string('client-certificate')
  if (user.tokenFile && !user.token) user.token = process.files.readText(user.tokenFile).trim()
  if (user['client-certificate'] && !user['client-certificate-data']) {
    try {
      user['client-certificate-data'] = btoa(process.files.readText(user['client-certificate']))
    } catch {
      const path = user['client-certificate']
      throw new ConfigurationError(
        `unable to read client-cert ${path} for ${name} due to open ${path}: no such file or directory`,
      )
    }
  }
  return user
}

function readToken(process: Process, name: string): string {
  const path = `${SERVICE_ACCOUNT}/${name}`
  return process.files.exists(path) ? process.files.readText(path).trim() : ''
}

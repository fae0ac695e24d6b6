import type { RegistryAuth } from '../../../containers/engine.ts'
import { parseReference } from '../../../containers/images/reference.ts'
import type { ApiClient } from '../../api/client.ts'
import type { Pod } from '../pod.ts'

interface DockerConfig {
  [registry: string]: { username?: string; password?: string; auth?: string }
}

export interface PullCredentials {
  missing: string[]
  authsFor(image: string): RegistryAuth[]
}

/** The Pod's imagePullSecrets: which are missing, and the credentials they give for an image. */
export function pullSecrets(api: ApiClient, pod: Pod): PullCredentials {
  const missing: string[] = []
  const configs: DockerConfig[] = []
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    const secret = api.get('secrets', pod.metadata.namespace, name)
    if (!secret) missing.push(name)
    else configs.push(readConfig(secret.data ?? {}))
  }
  return {
    missing,
    authsFor(image: string): RegistryAuth[] {
      if (configs.length === 0) return []
      const { domain } = parseReference(image)
      return configs.flatMap((config) =>
        Object.entries(config)
          .filter(([registry]) => hostOf(registry) === domain)
          .map(([, entry]) => credentials(entry)),
      )
    },
  }
}

function hostOf(registry: string): string {
  const host = registry.replace(/^https?:\/\//, '').split('/')[0]!
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host
}

function readConfig(data: Record<string, string>): DockerConfig {
  try {
    if (data['.dockerconfigjson']) return JSON.parse(atob(data['.dockerconfigjson'])).auths ?? {}
    if (data['.dockercfg']) return JSON.parse(atob(data['.dockercfg']))
  } catch {
    // A secret that cannot be read gives no credentials; the pull then fails by itself.
  }
  return {}
}

function credentials(entry: DockerConfig[string]): RegistryAuth {
  if (entry.auth) {
    const [username = '', ...rest] = atob(entry.auth).split(':')
    return { username, password: rest.join(':') }
  }
  return { username: entry.username ?? '', password: entry.password ?? '' }
}

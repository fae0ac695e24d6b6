import type { ApiClient } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'

/** The variables by which containers find Services that exist when they start (and always `kubernetes`). */
export function serviceEnvironment(api: ApiClient, namespace: string, links: boolean): Map<string, string> {
  const env = new Map<string, string>()
  const services = links ? [...api.list('services', { namespace })] : []
  const master = api.get('services', 'default', 'kubernetes')
  if (master && !(links && namespace === 'default')) services.push(master)
  for (const service of services) addService(env, service)
  return env
}

function addService(env: Map<string, string>, { metadata, spec }: KubeObject): void {
  const ip = spec.clusterIP
  if (!ip || ip === 'None' || spec.type === 'ExternalName') return
  const prefix = envName(metadata.name)
  const ports: { name?: string; port: number; protocol?: string }[] = spec.ports ?? []
  if (ports.length === 0) return
  env.set(`${prefix}_SERVICE_HOST`, ip)
  env.set(`${prefix}_SERVICE_PORT`, String(ports[0]!.port))
  for (const port of ports) if (port.name) env.set(`${prefix}_SERVICE_PORT_${envName(port.name)}`, String(port.port))
  ports.forEach((port, i) => {
    const protocol = (port.protocol ?? 'TCP').toLowerCase()
    const url = `${protocol}://${ip}:${port.port}`
    if (i === 0) env.set(`${prefix}_PORT`, url)
    const base = `${prefix}_PORT_${port.port}_${protocol.toUpperCase()}`
    env.set(base, url)
    env.set(`${base}_PROTO`, protocol)
    env.set(`${base}_PORT`, String(port.port))
    env.set(`${base}_ADDR`, ip)
  })
}

const envName = (text: string) => text.toUpperCase().replaceAll('-', '_').replaceAll('.', '_')

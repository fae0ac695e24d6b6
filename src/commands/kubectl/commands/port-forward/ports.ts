import { CliError } from '../../errors/errors.ts'

export interface ForwardedPort {
  /** 0: any free one. */
  local: number
  remote: number
}

/** `8080:80`, `80`, `:80`, `8443:https`; a Service's ports are turned into its Pod's. */
export function parsePorts(texts: readonly string[], object: any, pod: any): ForwardedPort[] {
  return texts.map((text) => {
    const [first = '', second] = text.split(':')
    const remoteText = second ?? first
    const service = object.kind === 'Service' ? servicePort(object, remoteText) : undefined
    const remote = object.kind === 'Service' ? podPortOf(service, pod) : podPort(pod, remoteText)
    const localText = second === undefined ? (service ? String(service.port) : first) : first
    const local = localText === '' ? 0 : /^\d+$/.test(localText) ? Number(localText) : remote
    if (local > 65535)
      throw new CliError(
        `error parsing local port "${localText}": strconv.ParseUint: parsing "${localText}": value out of range`,
      )
    return { local, remote }
  })
}

function servicePort(service: any, text: string): any {
  const found = (service.spec.ports ?? []).find((p: any) => p.name === text || String(p.port) === text)
  if (found) return found
  const what = /^\d+$/.test(text) ? `a service port ${text}` : `a named port '${text}'`
  throw new CliError(
    /^\d+$/.test(text)
      ? `Service ${service.metadata.name} does not have ${what}`
      : `Service '${service.metadata.name}' does not have ${what}`,
  )
}

function podPortOf(port: any, pod: any): number {
  const target = port.targetPort ?? port.port
  return typeof target === 'number' ? target : podPort(pod, target)
}

function podPort(pod: any, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  for (const container of pod.spec.containers) {
    const found = (container.ports ?? []).find((p: any) => p.name === text)
    if (found) return found.containerPort
  }
  throw new CliError(`Pod '${pod.metadata.name}' does not have a named port '${text}'`)
}

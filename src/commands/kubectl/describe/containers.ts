import { describeProbe } from './probe.ts'
import { containerResourceValue } from './resource-field.ts'
import { rfc1123 } from './time.ts'
import type { DescribeWriter } from './writer.ts'

/** `space` indents a template's containers; `pod` resolves field references. */
export function writeContainers(
  w: DescribeWriter,
  title: string,
  containers: readonly any[],
  options: { statuses?: readonly any[]; pod?: any; space?: string } = {},
): void {
  const { statuses = [], pod, space = '' } = options
  w.line(0, `${space}${title}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses.find((s) => s.name === container.name)
    writeBasics(w, container, status, space ? ' ' : '')
    writeCommand(w, 'Command', container.command)
    writeCommand(w, 'Args', container.args)
    if (status) writeStatus(w, status)
    writeResources(w, container.resources, 2)
    for (const [name, field] of [
      ['Liveness', 'livenessProbe'],
      ['Readiness', 'readinessProbe'],
      ['Startup', 'startupProbe'],
    ] as const) {
      if (container[field]) w.line(2, `${name}:\t${describeProbe(container[field])}`)
    }
    if (container.envFrom?.length > 0) writeEnvFrom(w, container.envFrom)
    writeEnv(w, container, pod)
    writeMounts(w, container)
  }
}

function writeBasics(w: DescribeWriter, container: any, status: any, nameIndent: string): void {
  w.line(1, `${nameIndent}${container.name}:`)
  if (status) w.line(2, `Container ID:\t${status.containerID ?? ''}`)
  w.line(2, `Image:\t${container.image ?? ''}`)
  if (status) w.line(2, `Image ID:\t${status.imageID ?? ''}`)
  writePorts(w, 'Port', container.ports, 'containerPort')
  writePorts(w, 'Host Port', container.ports, 'hostPort')
  const profile = container.securityContext?.seccompProfile
  if (profile) {
    w.line(2, `SeccompProfile:\t${profile.type}`)
    if (profile.type === 'Localhost') w.line(3, `LocalhostProfile:\t${profile.localhostProfile}`)
  }
}

function writePorts(w: DescribeWriter, title: string, ports: readonly any[] | undefined, field: string): void {
  const texts = (ports ?? []).map((p) => `${p[field] ?? 0}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`)
  w.line(2, texts.length > 1 ? `${title}s:\t${texts.join(', ')}` : `${title}:\t${texts[0] ?? '<none>'}`)
}

function writeCommand(w: DescribeWriter, title: string, words: readonly string[] | undefined): void {
  if (!words || words.length === 0) return
  w.line(2, `${title}:`)
  for (const word of words) for (const line of word.split('\n')) w.line(3, line)
}

export function writeResources(w: DescribeWriter, resources: any, level: number): void {
  for (const [title, field] of [
    ['Limits', 'limits'],
    ['Requests', 'requests'],
  ] as const) {
    const values = resources?.[field]
    if (!values || Object.keys(values).length === 0) continue
    w.line(level, `${title}:`)
    for (const name of Object.keys(values).sort()) w.line(level + 1, `${name}:\t${values[name]}`)
  }
}

function writeStatus(w: DescribeWriter, status: any): void {
  writeState(w, 'State', status.state ?? {})
  if (status.lastState?.terminated) writeState(w, 'Last State', status.lastState)
  w.line(2, `Ready:\t${status.ready ? 'True' : 'False'}`)
  w.line(2, `Restart Count:\t${status.restartCount ?? 0}`)
}

function writeState(w: DescribeWriter, title: string, { running, waiting, terminated }: any): void {
  if (running) {
    w.line(2, `${title}:\tRunning`)
    w.line(3, `Started:\t${rfc1123(running.startedAt)}`)
  } else if (terminated) {
    w.line(2, `${title}:\tTerminated`)
    if (terminated.reason) w.line(3, `Reason:\t${terminated.reason}`)
    if (terminated.message) w.line(3, `Message:\t${terminated.message}`)
    w.line(3, `Exit Code:\t${terminated.exitCode ?? 0}`)
    if (terminated.signal > 0) w.line(3, `Signal:\t${terminated.signal}`)
    w.line(3, `Started:\t${rfc1123(terminated.startedAt)}`)
    w.line(3, `Finished:\t${rfc1123(terminated.finishedAt)}`)
  } else {
    w.line(2, `${title}:\tWaiting`)
    if (waiting?.reason) w.line(3, `Reason:\t${waiting.reason}`)
  }
}

function writeEnvFrom(w: DescribeWriter, sources: readonly any[]): void {
  w.line(2, 'Environment Variables from:')
  for (const source of sources) {
    const ref = source.configMapRef ?? source.secretRef ?? {}
    const kind = source.configMapRef ? 'ConfigMap' : 'Secret'
    const prefix = source.prefix ? ` with prefix '${source.prefix}'` : ''
    w.line(3, `${ref.name}\t${kind}${prefix}\tOptional: ${ref.optional ?? false}`)
  }
}

function writeEnv(w: DescribeWriter, container: any, pod: any): void {
  const env: any[] = container.env ?? []
  w.line(2, `Environment:${env.length === 0 ? '\t<none>' : ''}`)
  for (const variable of env) {
    const from = variable.valueFrom
    if (!from) {
      const [first, ...more] = String(variable.value ?? '').split('\n')
      w.line(3, `${variable.name}:\t${first}`)
      for (const line of more) w.line(3, `\t${line}`)
    } else if (from.fieldRef) {
      const value = pod ? fieldValue(pod, from.fieldRef.fieldPath) : ''
      w.line(3, `${variable.name}:\t${value} (${from.fieldRef.apiVersion ?? 'v1'}:${from.fieldRef.fieldPath})`)
    } else if (from.resourceFieldRef) {
      w.line(
        3,
        `${variable.name}:\t${containerResourceValue(from.resourceFieldRef, container)} (${from.resourceFieldRef.resource})`,
      )
    } else if (from.secretKeyRef) {
      const { key, name, optional = false } = from.secretKeyRef
      w.line(3, `${variable.name}:\t<set to the key '${key}' in secret '${name}'>\tOptional: ${optional}`)
    } else if (from.configMapKeyRef) {
      const { key, name, optional = false } = from.configMapKeyRef
      w.line(3, `${variable.name}:\t<set to the key '${key}' of config map '${name}'>\tOptional: ${optional}`)
    }
  }
}

/** What describe knows of the downward API: it reads nothing but metadata. */
function fieldValue(pod: any, path: string): string {
  const subscript = /^metadata\.(annotations|labels)\['(.+)'\]$/.exec(path)
  if (subscript) return pod.metadata[subscript[1]!]?.[subscript[2]!] ?? ''
  const field = /^metadata\.(name|namespace|uid)$/.exec(path)
  return field ? pod.metadata[field[1]!] : ''
}

function writeMounts(w: DescribeWriter, container: any): void {
  const mounts: any[] = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1))
  w.line(2, `Mounts:${mounts.length === 0 ? '\t<none>' : ''}`)
  for (const mount of mounts) {
    const flags = [mount.readOnly ? 'ro' : 'rw', ...(mount.subPath ? [`path=${JSON.stringify(mount.subPath)}`] : [])]
    w.line(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`)
  }
  const devices: any[] = container.volumeDevices ?? []
  if (devices.length === 0) return
  w.line(2, 'Devices:')
  for (const device of devices) w.line(3, `${device.devicePath} from ${device.name}`)
}

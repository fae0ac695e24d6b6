import { isNotFound } from '../../errors/errors.ts'
import type { DescribeContext, Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeAnnotations, writeHead, writeLabels } from '../maps.ts'
import { endpointsOf, slicesOfService } from './service.ts'

export const describeIngress: Describer = async (w, context) => {
  const { metadata, spec = {}, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  writeLabels(w, 'Labels', metadata.labels)
  w.line(0, `Namespace:\t${metadata.namespace}`)
  const addresses = (status.loadBalancer?.ingress ?? []).map((i: any) => i.ip ?? i.hostname).join(',')
  w.line(0, `Address:\t${addresses}`)
  w.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`)
  w.line(0, `Default backend:\t${spec.defaultBackend ? await backend(context, spec.defaultBackend) : '<default>'}`)
  if (spec.tls?.length > 0) {
    w.line(0, 'TLS:')
    for (const t of spec.tls) {
      const hosts = (t.hosts ?? []).join(',')
      w.line(1, t.secretName ? `${t.secretName} terminates ${hosts}` : `SNI routes ${hosts}`)
    }
  }
  w.line(0, 'Rules:\n  Host\tPath\tBackends')
  w.line(1, '----\t----\t--------')
  let count = 0
  for (const rule of spec.rules ?? []) {
    if (!rule.http) continue
    count++
    w.line(1, `${rule.host || '*'}\t`)
    for (const path of rule.http.paths ?? [])
      w.line(1, `\t${path.path ?? ''} \t${await backend(context, path.backend)}`)
  }
  if (count === 0) w.line(1, `*\t*\t${spec.defaultBackend ? await backend(context, spec.defaultBackend) : '<default>'}`)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  await describeEvents(w, context)
}

/** `web:80 (10.10.1.2:80)` */
async function backend(context: DescribeContext, target: any): Promise<string> {
  if (target.resource) {
    const { apiGroup, kind, name } = target.resource
    return `APIGroup: ${apiGroup ?? '<none>'}, Kind: ${kind}, Name: ${name}`
  }
  const { name, port = {} } = target.service
  const label = `${name}:${port.number ?? port.name ?? ''}`
  return `${label} (${await endpointsText(context, name, port)})`
}

async function endpointsText(context: DescribeContext, name: string, port: any): Promise<string> {
  const { namespace } = context.object.metadata
  let service: any
  try {
    service = await context.get(`/api/v1/namespaces/${namespace}/services/${name}`)
  } catch (error) {
    if (isNotFound(error)) return `<error: ${(error as Error).message}>`
    throw error
  }
  const found = (service.spec.ports ?? []).find(
    (p: any) => p.port === port.number || (port.name && p.name === port.name),
  )
  return endpointsOf(await slicesOfService(context, namespace, name), found?.name ?? '')
}

export const describeIngressClass: Describer = async (w, context) => {
  const { object: c } = context
  writeHead(w, c, { namespace: false })
  w.line(0, `Controller:\t${c.spec?.controller ?? ''}`)
  const p = c.spec?.parameters
  if (p) {
    w.line(0, 'Parameters:')
    if (p.apiGroup) w.line(1, `APIGroup:\t${p.apiGroup}`)
    w.line(1, `Kind:\t${p.kind}`)
    w.line(1, `Name:\t${p.name}`)
  }
  await describeEvents(w, context)
}

import type { DescribeContext, Describer } from '../describer.ts'
import { writeHead } from '../maps.ts'
import { rfc1123 } from '../time.ts'
import type { DescribeWriter } from '../writer.ts'
import { limitRows } from './limit-range.ts'
import { scopeWords } from './resource-quota.ts'

export const describeNamespace: Describer = async (w, context) => {
  const { object: ns } = context
  writeHead(w, ns, { namespace: false })
  w.line(0, `Status:\t${ns.status?.phase ?? ''}`)
  if (ns.status?.conditions?.length > 0) {
    w.line(0, 'Conditions:')
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    w.line(1, '----\t------\t------------------\t------\t-------')
    for (const c of ns.status.conditions)
      w.line(1, `${c.type}\t${c.status}\t${rfc1123(c.lastTransitionTime)}\t${c.reason}\t${c.message}`)
  }
  w.line(0, '')
  await writeQuotas(w, context)
  w.line(0, '')
  await writeLimits(w, context)
}

async function writeQuotas(w: DescribeWriter, context: DescribeContext): Promise<void> {
  const { items = [] } = await context.get(`/api/v1/namespaces/${context.object.metadata.name}/resourcequotas`)
  if (items.length === 0) return w.line(0, 'No resource quota.')
  w.line(0, 'Resource Quotas')
  for (const quota of items) {
    w.line(0, `  Name:\t${quota.metadata.name}`)
    const scopes: string[] = quota.spec?.scopes ?? []
    if (scopes.length > 0) {
      w.line(0, `  Scopes:\t${[...scopes].sort().join(', ')}`)
      for (const scope of [...scopes].sort()) if (scopeWords(scope)) w.line(0, `  * ${scopeWords(scope)}`)
    }
    w.line(0, '  Resource\tUsed\tHard')
    w.line(0, '  --------\t---\t---')
    const hard = quota.status?.hard ?? {}
    for (const name of Object.keys(hard).sort())
      w.line(0, `  ${name}\t${quota.status?.used?.[name] ?? '0'}\t${hard[name]}`)
  }
}

async function writeLimits(w: DescribeWriter, context: DescribeContext): Promise<void> {
  const { items = [] } = await context.get(`/api/v1/namespaces/${context.object.metadata.name}/limitranges`)
  if (items.length === 0) return w.line(0, 'No LimitRange resource.')
  w.line(0, 'Resource Limits\n Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio')
  w.line(0, ' ----\t--------\t---\t---\t---------------\t-------------\t-----------------------')
  for (const range of items) for (const row of limitRows(range)) w.line(0, ` ${row}`)
}

import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'
import { rfc1123 } from '../time.ts'

export const describeServiceCidr: Describer = async (w, context) => {
  const { object: cidr } = context
  writeHead(w, cidr, { namespace: false })
  w.line(0, `CIDRs:\t${(cidr.spec?.cidrs ?? []).join(', ')}`)
  if (cidr.status?.conditions?.length > 0) {
    w.line(0, 'Status:')
    w.line(0, 'Conditions:')
    w.line(1, 'Type\tStatus\tLastTransitionTime\tReason\tMessage')
    w.line(1, '----\t------\t------------------\t------\t-------')
    for (const c of cidr.status.conditions) {
      w.line(1, `${c.type}\t${c.status}\t${rfc1123(c.lastTransitionTime)}\t${c.reason ?? ''}\t${c.message ?? ''}`)
    }
  }
  await describeEvents(w, context)
}

export const describeIpAddress: Describer = async (w, context) => {
  const { object: address } = context
  writeHead(w, address, { namespace: false })
  const parent = address.spec?.parentRef
  if (parent) {
    w.line(0, 'Parent Reference:')
    w.line(1, `Group:\t${parent.group ?? ''}`)
    w.line(1, `Resource:\t${parent.resource}`)
    w.line(1, `Namespace:\t${parent.namespace ?? ''}`)
    w.line(1, `Name:\t${parent.name}`)
  }
  await describeEvents(w, context)
}

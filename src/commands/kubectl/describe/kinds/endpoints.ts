import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'

export const describeEndpoints: Describer = async (w, context) => {
  const { object: endpoints } = context
  writeHead(w, endpoints)
  w.line(0, 'Subsets:')
  for (const subset of endpoints.subsets ?? []) {
    const list = (items: any[] | undefined) => (items?.length ? items.map((a) => a.ip).join(',') : '<none>')
    w.line(1, `Addresses:\t${list(subset.addresses)}`)
    w.line(1, `NotReadyAddresses:\t${list(subset.notReadyAddresses)}`)
    if (subset.ports?.length > 0) {
      w.line(1, 'Ports:')
      w.line(2, 'Name\tPort\tProtocol')
      w.line(2, '----\t----\t--------')
      for (const port of subset.ports) w.line(2, `${port.name || '<unset>'}\t${port.port}\t${port.protocol}`)
    }
    w.line(0, '')
  }
  await describeEvents(w, context)
}

export const describeEndpointSlice: Describer = async (w, context) => {
  const { object: slice } = context
  writeHead(w, slice)
  w.line(0, `AddressType:\t${slice.addressType}`)
  if (!slice.ports?.length) w.line(0, 'Ports: <unset>')
  else {
    w.line(0, 'Ports:')
    w.line(1, 'Name\tPort\tProtocol')
    w.line(1, '----\t----\t--------')
    for (const port of slice.ports) w.line(1, `${port.name || '<unset>'}\t${port.port ?? '<unset>'}\t${port.protocol}`)
  }
  if (!slice.endpoints?.length) w.line(0, 'Endpoints: <none>')
  else {
    w.line(0, 'Endpoints:')
    for (const endpoint of slice.endpoints) {
      const ready = endpoint.conditions?.ready
      w.line(1, `- Addresses:\t${(endpoint.addresses ?? []).join(', ')}`)
      w.line(2, 'Conditions:')
      w.line(3, `Ready:\t${ready === undefined ? '<unset>' : ready}`)
      w.line(2, `Hostname:\t${endpoint.hostname ?? '<unset>'}`)
      if (endpoint.targetRef) w.line(2, `TargetRef:\t${endpoint.targetRef.kind}/${endpoint.targetRef.name}`)
      w.line(2, `NodeName:\t${endpoint.nodeName ?? '<unset>'}`)
      w.line(2, `Zone:\t${endpoint.zone ?? '<unset>'}`)
    }
  }
  await describeEvents(w, context)
}

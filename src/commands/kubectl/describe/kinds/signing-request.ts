import { humanDuration } from '../../printers/age.ts'
import { describeSubject } from '../certificate-request.ts'
import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { joinLabels, writeLabels } from '../maps.ts'
import { rfc1123 } from '../time.ts'

export const describeSigningRequest: Describer = async (w, context) => {
  const { metadata, spec, status = {} } = context.object
  w.line(0, `Name:\t${metadata.name}`)
  writeLabels(w, 'Labels', metadata.labels)
  w.line(0, `Annotations:\t${joinLabels(metadata.annotations)}`)
  w.line(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  w.line(0, `Requesting User:\t${spec.username ?? ''}`)
  if (spec.signerName) w.line(0, `Signer:\t${spec.signerName}`)
  if (spec.expirationSeconds) w.line(0, `Requested Duration:\t${humanDuration(spec.expirationSeconds * 1000)}`)
  w.line(0, `Status:\t${conditionOf(status)}`)
  w.line(0, 'Subject:')
  describeSubject(w, spec.request)
  await describeEvents(w, context)
}

function conditionOf(status: any): string {
  const types: string[] = (status.conditions ?? []).map((c: any) => c.type)
  const state = types.includes('Approved') ? 'Approved' : types.includes('Denied') ? 'Denied' : 'Pending'
  return `${state}${types.includes('Failed') ? ',Failed' : ''}${status.certificate ? ',Issued' : ''}`
}

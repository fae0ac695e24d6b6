import { humanDuration } from '../../api/duration.ts'
import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateCsr } from './validate.ts'

function condition(o: any): string {
  const types: string[] = (o.status?.conditions ?? []).map((c: any) => c.type)
  let text = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending'
  if (types.includes('Failed')) text += ',Failed'
  if (o.status?.certificate) text += ',Issued'
  return text
}

export const certificateSigningRequest: KindDefinition = {
  resource: 'certificatesigningrequests.certificates.k8s.io',
  fields: { 'spec.signerName': (o) => o.spec?.signerName ?? '' },
  cells: (o, now) => [
    o.metadata.name,
    age(o.metadata.creationTimestamp, now),
    o.spec?.signerName ?? '',
    o.spec?.username ?? '',
    o.spec?.expirationSeconds === undefined ? '<none>' : humanDuration(o.spec.expirationSeconds * 1000),
    condition(o),
  ],
  prepareCreate(object, { user }) {
    object.spec.username = user.name
    object.spec.groups = user.groups
  },
  prepareUpdate(object, old) {
    object.spec = old.spec
  },
  validate: validateCsr,
}

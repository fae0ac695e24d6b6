import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'
import { policyRows } from '../policy-rules.ts'

export const describeServiceAccount: Describer = async (w, context) => {
  const { object: account } = context
  writeHead(w, account)
  const secrets: string[] = (account.imagePullSecrets ?? []).map((s: any) => s.name)
  w.line(0, `Image pull secrets:\t${secrets[0] ?? '<none>'}`)
  for (const name of secrets.slice(1)) w.line(0, `\t${name}`)
  await describeEvents(w, context)
}

export const describeRole: Describer = (w, { object: role }) => {
  writeHead(w, role, { namespace: false })
  w.line(0, 'PolicyRule:')
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs')
  w.line(1, '---------\t-----------------\t--------------\t-----')
  for (const row of policyRows(role.rules ?? [])) {
    const list = (items: readonly string[]) => `[${items.join(' ')}]`
    w.line(1, `${row.resource}\t${list(row.urls)}\t${list(row.names)}\t${list(row.verbs)}`)
  }
}

export const describeRoleBinding: Describer = (w, { object: binding }) => {
  writeHead(w, binding, { namespace: false })
  w.line(0, 'Role:')
  w.line(1, `Kind:\t${binding.roleRef.kind}`)
  w.line(1, `Name:\t${binding.roleRef.name}`)
  w.line(0, 'Subjects:')
  w.line(1, 'Kind\tName\tNamespace')
  w.line(1, '----\t----\t---------')
  for (const s of binding.subjects ?? []) w.line(1, `${s.kind}\t${s.name}\t${s.namespace ?? ''}`)
}

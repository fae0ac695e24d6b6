import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'

export const describeServiceAccount: Describer = async (w, context) => {
  const { object: account } = context
  writeHead(w, account)
  const secrets: string[] = (account.imagePullSecrets ?? []).map((s: any) => s.name)
  w.line(0, `Image pull secrets:\t${secrets[0] ?? '<none>'}`)
  for (const name of secrets.slice(1)) w.line(0, `\t${name}`)
  await describeEvents(w, context)
}

interface Row {
  group: string
  resource: string
  names: string[]
  urls: string[]
  verbs: string[]
}

export const describeRole: Describer = (w, { object: role }) => {
  writeHead(w, role, { namespace: false })
  w.line(0, 'PolicyRule:')
  w.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs')
  w.line(1, '---------\t-----------------\t--------------\t-----')
  for (const row of compact((role.rules ?? []).flatMap(rowsOf))) {
    const list = (items: readonly string[]) => `[${items.join(' ')}]`
    w.line(1, `${row.resource}\t${list(row.urls)}\t${list(row.names)}\t${list(row.verbs)}`)
  }
}

/** One row for each resource of a rule. */
function rowsOf(rule: any): Row[] {
  const verbs: string[] = rule.verbs ?? []
  const rows: Row[] = []
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      const full = group === '' ? resource : qualified(resource, group)
      const names: string[] = rule.resourceNames ?? []
      if (names.length === 0) rows.push({ group, resource: full, names: [], urls: [], verbs })
      for (const name of names) rows.push({ group, resource: full, names: [name], urls: [], verbs })
    }
  }
  for (const url of rule.nonResourceURLs ?? []) rows.push({ group: '', resource: '', names: [], urls: [url], verbs })
  return rows
}

function qualified(resource: string, group: string): string {
  const [name, ...sub] = resource.split('/')
  return [`${name}.${group}`, ...sub].join('/')
}

/** Rows of the same resource become one, with the verbs of all; sorted as the rules' texts: verbs, group, resource. */
function compact(rows: readonly Row[]): Row[] {
  const merged: Row[] = []
  for (const row of rows) {
    const same = merged.find(
      (m) => m.resource === row.resource && m.names.join() === row.names.join() && m.urls.join() === row.urls.join(),
    )
    if (same) same.verbs = [...new Set([...same.verbs, ...row.verbs])]
    else merged.push({ ...row })
  }
  const key = (row: Row) =>
    `[${row.verbs.join(' ')}],[${row.group}],[${row.resource}],[${row.names.join(' ')}],[${row.urls.join(' ')}]`
  return merged.sort((a, b) => (key(a) < key(b) ? -1 : 1))
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

/** A policy rule broken down to one resource or one path. */
interface Row {
  group: string
  resource: string
  names: string[]
  urls: string[]
  verbs: string[]
}

/** Rules broken down, those of the same resource joined, in the order in which kubectl shows them. */
export function policyRows(rules: readonly any[]): Row[] {
  return compact(rules.flatMap(rowsOf))
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
    const same =
      row.urls.length === 0 && merged.find((m) => m.resource === row.resource && m.names.join() === row.names.join())
    if (same) same.verbs = [...new Set([...same.verbs, ...row.verbs])]
    else merged.push({ ...row })
  }
  const key = (row: Row) =>
    `[${row.verbs.join(' ')}],[${row.group}],[${row.resource}],[${row.names.join(' ')}],[${row.urls.join(' ')}]`
  return merged.sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

import type { Describer } from '../describer.ts'

export const describeLimitRange: Describer = (w, { object: range }) => {
  w.line(0, `Name:\t${range.metadata.name}`)
  w.line(0, `Namespace:\t${range.metadata.namespace}`)
  w.line(0, 'Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio')
  w.line(0, '----\t--------\t---\t---\t---------------\t-------------\t-----------------------')
  for (const row of limitRows(range)) w.line(0, row)
}

const FIELDS = ['min', 'max', 'defaultRequest', 'default', 'maxLimitRequestRatio']

/** Tab-separated: type, resource, and each limit or `-`. */
export function limitRows(range: any): string[] {
  return (range.spec?.limits ?? []).flatMap((item: any) => {
    const resources = [...new Set(FIELDS.flatMap((field) => Object.keys(item[field] ?? {})))].sort()
    return resources.map((resource) =>
      [item.type, resource, ...FIELDS.map((field) => item[field]?.[resource] ?? '-')].join('\t'),
    )
  })
}

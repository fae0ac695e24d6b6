/** Whether labels fulfil a selector in kubectl's text form: `app=web,tier!=back,env in (a,b),!old`. */
export function matchesLabels(labels: Readonly<Record<string, string>> | undefined, selector: string): boolean {
  const has = labels ?? {}
  return splitRequirements(selector).every((requirement) => {
    const set = /^([\w./-]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(requirement)
    if (set) {
      const value = has[set[1]!]
      const among = value !== undefined && set[3]!.split(',').some((item) => item.trim() === value)
      return set[2] === 'in' ? among : !among
    }
    const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(requirement)
    if (equality) return (has[equality[1]!] === equality[3]) === (equality[2] !== '!=')
    if (requirement.startsWith('!')) return !(requirement.slice(1).trim() in has)
    return requirement in has
  })
}

function splitRequirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter(Boolean)
}

/** A map as a selector's text. */
export function selectorText(labels: string | Readonly<Record<string, string>>): string {
  if (typeof labels === 'string') return labels
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

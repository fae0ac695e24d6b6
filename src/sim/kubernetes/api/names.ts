/** apimachinery's rules for names, labels and their words. Each gives the complaints; none when it is fine. */

export type NameRule = 'subdomain' | 'label' | 'service' | 'path'

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

export function isDns1123Label(value: string): string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push('must be no more than 63 characters')
  if (!LABEL.test(value))
    problems.push(
      SUBDOMAIN.test(value)
        ? 'must not contain dots'
        : `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
    )
  return problems
}

export function isDns1035Label(value: string): string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push('must be no more than 63 characters')
  if (!LABEL_1035.test(value))
    problems.push(
      `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')`,
    )
  return problems
}

export function isDns1123Subdomain(value: string): string[] {
  const problems: string[] = []
  if (value.length > 253) problems.push('must be no more than 253 characters')
  if (!SUBDOMAIN.test(value))
    problems.push(
      `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    )
  return problems
}

export function validateName(rule: NameRule, name: string, isPrefix = false): string[] {
  const value = isPrefix ? `${name.endsWith('-') || name.endsWith('.') ? name.slice(0, -1) : name}` : name
  switch (rule) {
    case 'label':
      return isDns1123Label(value)
    case 'service':
      return isDns1035Label(value)
    case 'subdomain':
      return isDns1123Subdomain(value)
    case 'path':
      return isPathSegment(value, isPrefix)
  }
}

export function isPathSegment(name: string, isPrefix = false): string[] {
  if (!isPrefix && (name === '.' || name === '..')) return [`may not be '${name}'`]
  return ['/', '%'].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`)
}

const NAME_PART = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`

/** A key of labels or annotations, a finalizer, a resource's name. */
export function validateLabelKey(key: string): string[] {
  const parts = key.split('/')
  const problems: string[] = []
  let name = key
  if (parts.length === 2) {
    name = parts[1]!
    if (parts[0] === '') problems.push('prefix part must be non-empty')
    else problems.push(...isDns1123Subdomain(parts[0]!).map((p) => `prefix part ${p}`))
  } else if (parts.length > 2) {
    return [
      `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes')
  if (!QUALIFIED.test(name)) problems.push(NAME_PART)
  return problems
}

export function validateLabelValue(value: string): string[] {
  const problems: string[] = []
  if (value.length > 63) problems.push('must be no more than 63 bytes')
  if (value !== '' && !QUALIFIED.test(value))
    problems.push(
      `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    )
  return problems
}

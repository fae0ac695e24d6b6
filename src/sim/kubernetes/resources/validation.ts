import type { LabelSelector } from '../api/client.ts'
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../api/field-error.ts'
import { validateLabelKey, validateLabelValue } from '../api/names.ts'
import { compareQuantities } from '../api/quantity.ts'

/** Checks that the validations of many kinds share, with apimachinery's words. */

export const NON_NEGATIVE = 'must be greater than or equal to 0'
export const PORT_RANGE = 'must be between 1 and 65535, inclusive'
export const IMMUTABLE = 'field is immutable'

export function nonNegative(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(field, value, NON_NEGATIVE)] : []
}

export const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65535

export function portName(name: string): string[] {
  const problems: string[] = []
  if (name.length > 15) problems.push('must be no more than 15 characters')
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)')
  if (name.includes('--')) problems.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen')
  return problems
}

export function portOrName(value: unknown, field: string): FieldError[] {
  if (typeof value === 'number') return isPort(value) ? [] : [invalid(field, value, PORT_RANGE)]
  return portName(String(value ?? '')).map((p) => invalid(field, value, p))
}

/** A value of a fixed set; the set is listed as given. */
export function oneOf(value: string | undefined, values: readonly string[], field: string): FieldError[] {
  if (value === undefined || value === '') return [required(field)]
  return values.includes(value) ? [] : [notSupported(field, value, values)]
}

/** `25%` → 25; undefined when it is no percentage. */
export function percentage(value: unknown): number | undefined {
  const m = typeof value === 'string' ? /^(\d+)%$/.exec(value) : undefined
  return m ? Number(m[1]) : undefined
}

const PERCENT_WORDS = `a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`

/** An integer that is not negative, or a percentage. */
export function intOrPercent(value: unknown, field: string): FieldError[] {
  if (typeof value === 'number') return nonNegative(value, field)
  if (value === undefined || percentage(value) !== undefined) return []
  return [invalid(field, value, PERCENT_WORDS)]
}

export function atMost100Percent(value: unknown, field: string): FieldError[] {
  const percent = percentage(value)
  return percent !== undefined && percent > 100 ? [invalid(field, value, 'must not be greater than 100%')] : []
}

/** That an expression has the values its operator wants; `others` adds operators, each with what it has to say. */
export function validateOperator(
  e: { operator?: string; values?: readonly string[] },
  path: string,
  others: Record<string, () => FieldError[]> = {},
): FieldError[] {
  const other = others[e.operator ?? '']
  if (other) return other()
  switch (e.operator) {
    case 'In':
    case 'NotIn':
      if (e.values?.length) return []
      return [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      if (!e.values?.length) return []
      return [forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
    default:
      return [invalid(`${path}.operator`, e.operator ?? '', 'not a valid selector operator')]
  }
}

export function validateLabelSelector(selector: LabelSelector | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!selector) return errors
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    for (const p of validateLabelKey(key)) errors.push(invalid(`${field}.matchLabels`, key, p))
    for (const p of validateLabelValue(value)) errors.push(invalid(`${field}.matchLabels`, value, p))
  }
  for (const [i, e] of (selector.matchExpressions ?? []).entries()) {
    const path = `${field}.matchExpressions[${i}]`
    errors.push(...validateOperator(e, path))
    for (const p of validateLabelKey(e.key ?? '')) errors.push(invalid(`${path}.key`, e.key ?? '', p))
    for (const [j, value] of (e.values ?? []).entries())
      for (const p of validateLabelValue(value)) errors.push(invalid(`${path}.values[${j}]`, value, p))
  }
  return errors
}

export const isEmptySelector = (selector: LabelSelector | undefined): boolean =>
  Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0

export function nonNegativeQuantity(value: string, field: string): FieldError[] {
  return compareQuantities(value, '0') < 0 ? [invalid(field, value, NON_NEGATIVE)] : []
}

const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/
export const isIpv4 = (text: string): boolean => IPV4.test(text)
export const isIp = (text: string): boolean =>
  isIpv4(text) ||
  (/^[0-9a-fA-F:]+$/.test(text) && text.includes('::') === text.split(':').length < 8 && text.includes(':'))
export const IP_WORDS = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

export function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/')
  return (
    rest.length === 0 &&
    bits !== undefined &&
    /^\d+$/.test(bits) &&
    isIp(address!) &&
    Number(bits) <= (isIpv4(address!) ? 32 : 128)
  )
}

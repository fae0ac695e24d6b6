import type { Labels } from '../labels.ts'
import {
  type Binary,
  type BinaryOperator,
  EvaluationError,
  isComparison,
  isSetOperator,
  type Matching,
  type Sample,
} from './expression.ts'

const ARITHMETIC: Partial<Record<BinaryOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  // Go's 1^NaN is 1, and so is (-1)^±Inf.
  '^': (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b),
  atan2: (a, b) => Math.atan2(a, b),
}
const COMPARE: Partial<Record<BinaryOperator, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
}

export function scalars(operator: BinaryOperator, a: number, b: number): number {
  const compare = COMPARE[operator]
  return compare ? Number(compare(a, b)) : ARITHMETIC[operator]!(a, b)
}

/** The result of one pair; undefined when a comparison filters it away. */
function element({ operator, bool }: Binary, a: number, b: number, kept: number): number | undefined {
  const compare = COMPARE[operator]
  if (!compare) return ARITHMETIC[operator]!(a, b)
  if (bool) return Number(compare(a, b))
  return compare(a, b) ? kept : undefined
}

const dropsName = ({ operator, bool }: Binary) => bool || !(isComparison(operator) || isSetOperator(operator))

export function withScalar(
  expression: Binary,
  vector: readonly Sample[],
  scalar: number,
  scalarIsLeft: boolean,
): Sample[] {
  const result: Sample[] = []
  for (const sample of vector) {
    const { value, labels } = sample
    const computed = scalarIsLeft
      ? element(expression, scalar, value, value)
      : element(expression, value, scalar, value)
    if (computed === undefined) continue
    result.push({ ...sample, value: computed, labels: dropsName(expression) ? labels.withoutName : labels })
  }
  return result
}

function signature(matching: Matching | undefined): (labels: Labels) => Labels {
  if (matching?.on) return (labels) => labels.keep(matching.labels)
  const dropped = [...(matching?.labels ?? []), '__name__']
  return (labels) => labels.drop(dropped)
}

export function vectors(expression: Binary, left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const key = signature(expression.matching)
  const keysOf = (samples: readonly Sample[]) => new Set(samples.map((s) => key(s.labels).key))
  switch (expression.operator) {
    case 'and': {
      const keys = keysOf(right)
      return left.filter((s) => keys.has(key(s.labels).key))
    }
    case 'unless': {
      const keys = keysOf(right)
      return left.filter((s) => !keys.has(key(s.labels).key))
    }
    case 'or': {
      const keys = keysOf(left)
      return [...left, ...right.filter((s) => !keys.has(key(s.labels).key))]
    }
    default:
      return matched(expression, left, right, key)
  }
}

function matched(
  expression: Binary,
  left: readonly Sample[],
  right: readonly Sample[],
  key: (labels: Labels) => Labels,
): Sample[] {
  const { matching } = expression
  if (left.length === 0 || right.length === 0) return []
  const swapped = matching?.group === 'right'
  const [many, one] = swapped ? [right, left] : [left, right]
  const ones = new Map<string, Sample>()
  for (const sample of one) {
    const group = key(sample.labels)
    const other = ones.get(group.key)
    if (other)
      throw new EvaluationError(
        `found duplicate series for the match group ${group} on the ${swapped ? 'left' : 'right'} hand-side of the operation: [${sample.labels}, ${other.labels}];many-to-many matching not allowed: matching labels must be unique on one side`,
      )
    ones.set(group.key, sample)
  }
  const taken = new Map<string, Set<string>>()
  const result: Sample[] = []
  for (const sample of many) {
    const group = key(sample.labels).key
    const other = ones.get(group)
    if (!other) continue
    const [l, r] = swapped ? [other.value, sample.value] : [sample.value, other.value]
    const value = element(expression, l, r, l)
    const labels = resultLabels(expression, sample.labels, other.labels)
    if (!matching?.group) {
      if (value === undefined) continue
      if (taken.has(group))
        throw new EvaluationError(
          'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        )
      taken.set(group, new Set())
    } else {
      if (value === undefined) continue
      const seen = taken.get(group) ?? new Set<string>()
      taken.set(group, seen)
      if (seen.has(labels.key))
        throw new EvaluationError('multiple matches for labels: grouping labels must ensure unique matches')
      seen.add(labels.key)
    }
    result.push({ labels, value, time: sample.time })
  }
  return result
}

function resultLabels(expression: Binary, many: Labels, one: Labels): Labels {
  const { matching } = expression
  let labels = dropsName(expression) ? many.withoutName : many
  if (!matching?.group) return matching?.on ? labels.keep(matching.labels) : labels.drop(matching?.labels ?? [])
  for (const name of matching.include) labels = labels.with(name, one.get(name))
  return labels
}

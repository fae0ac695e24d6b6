/** One change of size, for the rate rules. */
export interface ScaleEvent {
  at: number
  change: number
}

export interface Recommendation {
  at: number
  replicas: number
}

/** What an HPA remembers between passes. */
export interface History {
  recommendations: Recommendation[]
  ups: ScaleEvent[]
  downs: ScaleEvent[]
}

export interface Limited {
  replicas: number
  able: { reason: string; message: string }
  limited: { status: 'True' | 'False'; reason: string; message: string }
}

interface Rules {
  stabilizationWindowSeconds?: number
  selectPolicy?: string
  policies?: { type: string; value: number; periodSeconds: number }[]
}

const DEFAULT_UP: Rules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
}
const DEFAULT_DOWN: Rules = {
  stabilizationWindowSeconds: 300,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' }
const HELD_DOWN = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
}
const HELD_UP = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
}

/** Brings a wanted size within what stabilisation, rate rules and bounds allow. Remembers the recommendation. */
export function limit(spec: any, history: History, current: number, wanted: number, now: number): Limited {
  const up: Rules = { ...DEFAULT_UP, ...spec.behavior?.scaleUp }
  const down: Rules = { ...DEFAULT_DOWN, ...spec.behavior?.scaleDown }
  const { stable, able } = stabilise(history, current, wanted, up, down, now)
  const min = spec.minReplicas ?? 1
  const max = spec.maxReplicas
  const bounded = (replicas: number, reason?: string, message?: string): Limited => ({
    replicas,
    able,
    limited: reason
      ? { status: 'True', reason, message: message! }
      : { status: 'False', reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' },
  })
  if (stable > current) {
    const rate = Math.max(current, reach(up, history, current, now, 1))
    if (stable > Math.min(rate, max)) {
      return rate < max
        ? bounded(rate, 'ScaleUpLimit', 'the desired replica count is increasing faster than the maximum scale rate')
        : bounded(max, 'TooManyReplicas', 'the desired replica count is more than the maximum replica count')
    }
  } else if (stable < current) {
    const rate = Math.min(current, reach(down, history, current, now, -1))
    if (stable < Math.max(rate, min)) {
      return rate > min
        ? bounded(rate, 'ScaleDownLimit', 'the desired replica count is decreasing faster than the maximum scale rate')
        : bounded(min, 'TooFewReplicas', 'the desired replica count is less than the minimum replica count')
    }
  } else if (stable > max) {
    return bounded(max, 'TooManyReplicas', 'the desired replica count is more than the maximum replica count')
  } else if (stable < min) {
    return bounded(min, 'TooFewReplicas', 'the desired replica count is less than the minimum replica count')
  }
  return bounded(stable)
}

function stabilise(history: History, current: number, wanted: number, up: Rules, down: Rules, now: number) {
  const upFrom = now - (up.stabilizationWindowSeconds ?? 0) * 1000
  const downFrom = now - (down.stabilizationWindowSeconds ?? 300) * 1000
  const oldest = Math.min(upFrom, downFrom)
  history.recommendations = [...history.recommendations.filter(({ at }) => at > oldest), { at: now, replicas: wanted }]
  let lowest = wanted
  let highest = wanted
  for (const { at, replicas } of history.recommendations) {
    if (at > upFrom) lowest = Math.min(lowest, replicas)
    if (at > downFrom) highest = Math.max(highest, replicas)
  }
  let stable = current
  if (stable < lowest) stable = lowest
  if (stable > highest) stable = highest
  const able = stable === wanted ? READY : stable > wanted ? HELD_DOWN : HELD_UP
  return { stable, able }
}

function changed(events: readonly ScaleEvent[], seconds: number, now: number): number {
  return events.filter(({ at }) => at > now - seconds * 1000).reduce((sum, { change }) => sum + change, 0)
}

/** How far the policies let `current` go: `sign` 1 for up, -1 for down. Not at all in a direction that is disabled. */
function reach(
  { selectPolicy, policies = [] }: Rules,
  { ups, downs }: History,
  current: number,
  now: number,
  sign: 1 | -1,
): number {
  if (selectPolicy === 'Disabled') return current
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(ups, periodSeconds, now) + changed(downs, periodSeconds, now)
    if (type === 'Pods') return start + sign * value
    return (sign > 0 ? Math.ceil : Math.floor)(start * (1 + (sign * value) / 100))
  })
  const widest = selectPolicy !== 'Min'
  return sign > 0 === widest ? Math.max(...limits) : Math.min(...limits)
}

import type { World } from '../../sim/world/api.ts'
import { parseDuration } from '../duration.ts'
import { same, type Text } from '../language.ts'
import { liveView, type Selection, select } from '../view.ts'
import type { CheckContext, CheckKind, Failure } from './check.ts'
import { describeNested, type NestedCheck, runNested } from './nested.ts'
import { placeOf } from './place.ts'
import { quote } from './quote.ts'

interface AfterSpec {
  delete?: Selection
  drain?: string
  scale?: { apiVersion?: string; kind: string; name: string; namespace?: string; replicas: number }
  load?: { url: string; for?: string; concurrency?: number }
  run?: string
  wait?: string
  within?: string
  then: readonly NestedCheck[]
}

/** Does something to a fork of the world, and looks what becomes of it. */
export const after: CheckKind<AfterSpec> = {
  name: 'after',
  ofState: false,
  describe: (spec) => {
    const deed = deedOf(spec)
    return { en: `after ${deed.en}`, zh: `${deed.zh}之后` }
  },
  async check(spec, { origin, since }) {
    const fork = await origin.fork()
    const view = liveView(fork.api)
    const context: CheckContext = { view, world: fork, origin, since }
    const trouble = await act(spec, context, fork)
    if (trouble) return trouble
    const deadline = fork.now + (parseDuration(spec.within ?? '60s') ?? 60_000)
    for (;;) {
      let failure: Failure | undefined
      for (const check of spec.then) {
        failure = await runNested(check, context)
        if (failure) failure = tell(spec, check, failure)
        if (failure) break
      }
      if (!failure || fork.now >= deadline) return failure
      await fork.run({ until: fork.now + 1000 })
    }
  },
}

function tell(spec: AfterSpec, check: NestedCheck, failure: Failure): Failure {
  const deed = after.describe(spec)
  const what = describeNested(check)
  return {
    ...failure,
    expected: { en: `${deed.en}: ${failure.expected.en}`, zh: `${deed.zh}：${failure.expected.zh}` },
    where: failure.where ?? what,
  }
}

function deedOf(spec: AfterSpec): Text {
  if (spec.delete) {
    const who = placeOf(spec.delete)
    return { en: `deleting ${who.en}`, zh: `删除${who.zh}` }
  }
  if (spec.drain) return { en: `draining ${spec.drain}`, zh: `排空 ${spec.drain}` }
  if (spec.scale) {
    const { kind, name, replicas } = spec.scale
    return {
      en: `scaling ${kind.toLowerCase()}/${name} to ${replicas}`,
      zh: `把 ${kind.toLowerCase()}/${name} 扩缩到 ${replicas}`,
    }
  }
  if (spec.load) return { en: `load on ${spec.load.url}`, zh: `给 ${spec.load.url} 加负载` }
  if (spec.wait) return { en: `waiting ${spec.wait}`, zh: `等待 ${spec.wait}` }
  return same(spec.run?.trim().split('\n')[0] ?? '')
}

async function act(spec: AfterSpec, { view }: CheckContext, fork: World): Promise<Failure | undefined> {
  if (spec.wait) {
    await fork.run({ until: fork.now + (parseDuration(spec.wait) ?? 0) })
    return undefined
  }
  let script = spec.run ?? ''
  if (spec.delete) {
    const found = await select(view, spec.delete)
    if (found.length === 0)
      return { expected: placeOf(spec.delete), seen: { en: 'nothing to delete', zh: '没有可删除的' } }
    const one = found.map(({ kind, metadata }) => {
      const namespace = metadata.namespace ? ` -n ${metadata.namespace}` : ''
      return `kubectl delete ${kind.toLowerCase()} ${metadata.name}${namespace}`
    })
    script = one.join('\n')
  }
  if (spec.drain) script = `kubectl drain ${quote(spec.drain)} --ignore-daemonsets --delete-emptydir-data --force`
  if (spec.scale) {
    const { kind, name, namespace = 'default', replicas } = spec.scale
    script = `kubectl scale ${kind.toLowerCase()} ${name} -n ${namespace} --replicas=${replicas}`
  }
  if (spec.load) {
    const seconds = Math.ceil((parseDuration(spec.load.for ?? '60s') ?? 60_000) / 1000)
    script = `ab -t ${seconds} -c ${spec.load.concurrency ?? 10} -n 1000000 ${quote(spec.load.url)}`
  }
  const result = await fork.probe(script, { deadline: 600_000 })
  if (result.status === 0 || spec.load) return undefined
  return { expected: after.describe(spec), seen: same(result.stderr.trim() || `exit status ${result.status}`) }
}

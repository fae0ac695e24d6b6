import { parseDuration } from '../duration.ts'
import { same, type Text } from '../language.ts'
import { type Selection, select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { excerpt, type OutputPattern, unmatched } from './output.ts'
import { placeOf } from './place.ts'
import { quote } from './quote.ts'

interface ExecSpec {
  run: string
  on?: string
  pod?: Selection
  container?: string
  status?: number
  stdout?: OutputPattern
  stderr?: OutputPattern
  not?: OutputPattern
  timeout?: string
  /** What should come of it, in words; instead of an exit status or a pattern. */
  expected?: Text
}

/** A command, run as the learner, on a machine or in a Pod, ends and prints as it should. */
export const exec: CheckKind<ExecSpec> = {
  name: 'exec',
  ofState: false,
  retried: true,
  describe: (spec) => same(spec.run.trim().split('\n')[0]!),
  async check(spec, { view, world }) {
    let script = spec.run
    let where: Text = spec.on ? same(spec.on) : { en: "the learner's computer", zh: '你的电脑' }
    if (spec.pod) {
      const pods = await select(view, { ...spec.pod })
      const pod = pods.find((item) => item.status?.phase === 'Running') ?? pods[0]
      if (!pod)
        return {
          expected: placeOf(spec.pod),
          seen: { en: 'no such Pod', zh: '没有这样的 Pod' },
          where: placeOf(spec.pod),
        }
      const container = spec.container ? ` -c ${spec.container}` : ''
      script = `kubectl exec -n ${pod.metadata.namespace} ${pod.metadata.name}${container} -- sh -c ${quote(spec.run)}`
      where = placeOf({ kind: 'Pod', name: pod.metadata.name, namespace: pod.metadata.namespace })
    }
    const timeout = spec.timeout ? parseDuration(spec.timeout) : 30_000
    if (spec.on && !spec.pod) script = `ssh ${spec.on} ${quote(script)}`
    const result = await world!.probe(script, { deadline: timeout })
    const output = `${result.stdout}${result.stderr}`
    const ran = same(`${exec.describe(spec).en}`)
    const fail = (expected: Text, seen: Text) => ({
      expected: spec.expected ?? expected,
      seen,
      where,
      look: spec.pod
        ? { en: `run it in the Pod: ${ran.en}`, zh: `在 Pod 里运行一下：${ran.zh}` }
        : { en: `run it yourself: ${ran.en}`, zh: `自己运行一下：${ran.zh}` },
    })
    const status = spec.status ?? 0
    const shown = output.trim() === '' ? { en: 'nothing printed', zh: '没有任何输出' } : same(excerpt(output))
    if (result.status !== status) {
      const ended = `exit status ${result.status}`
      // Who is told in words what should come of it has no use for the number.
      const seen = spec.expected ? excerpt(output) || ended : `${ended}\n${excerpt(output)}`
      return fail(same(`exit status ${status}`), same(seen.trim()))
    }
    // What must not be there says more than what is missing.
    for (const pattern of [spec.not ?? []].flat() as string[]) {
      if (new RegExp(pattern, 'm').test(result.stdout))
        return fail({ en: `no output with /${pattern}/`, zh: `输出里没有 /${pattern}/` }, shown)
    }
    const missing = unmatched(result.stdout, spec.stdout) ?? unmatched(result.stderr, spec.stderr)
    if (missing !== undefined) return fail({ en: `output with /${missing}/`, zh: `输出里有 /${missing}/` }, shown)
    return undefined
  },
}

import { describe, expect, it } from 'vitest'
import { grade } from '../../src/course/grade.ts'
import type { Grader, GraderCheck } from '../../src/course/lab.ts'
import { same } from '../../src/course/language.ts'
import { plainStyle } from '../../src/course/report/style.ts'
import { verdictLines } from '../../src/course/report/verdict.ts'
import { FakeWorld } from './fake-world.ts'

const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } })
const check = (fields: Partial<GraderCheck>): GraderCheck => ({
  id: 'c',
  title: same('It holds'),
  weight: 1,
  needs: [],
  guard: false,
  ...fields,
})
const grader = (...checks: GraderCheck[]): Grader => ({ file: 'g.yaml', settle: 0, checks })

async function gradeAfter(script: string, ...checks: GraderCheck[]) {
  const world = new FakeWorld(1, 'none')
  await world.script(script)
  return { world, result: await grade(world, { grader: grader(...checks) }) }
}

const told = (result: Awaited<ReturnType<typeof gradeAfter>>['result']) =>
  verdictLines(result, 'en', plainStyle).join('\n')

describe('grading', () => {
  it('gives weighted points and skips what needs a failing check', async () => {
    const { result } = await gradeAfter(
      'put Pod web app=web',
      check({ id: 'a', object: pod('web'), weight: 3 }),
      check({ id: 'b', object: pod('db'), weight: 2 }),
      check({ id: 'd', object: pod('web'), needs: ['b'] }),
    )
    expect(result.checks.map(({ status }) => status)).toEqual(['passed', 'failed', 'skipped'])
    expect([result.points, result.of, result.passed]).toEqual([3, 6, false])
  })

  it('says expected, seen, where and what to look at', async () => {
    const { result } = await gradeAfter(
      'put Pod web app=api',
      check({ object: { ...pod('web'), metadata: { name: 'web', labels: { app: 'web' } } } }),
    )
    expect(told(result)).toBe(
      [
        '  ✗ It holds',
        '      expected  metadata.labels.app  web',
        '      seen      metadata.labels.app  api',
        '      where     pod/web in namespace default',
        '      look at   kubectl get pod web -o yaml',
        '  0/1 points',
      ].join('\n'),
    )
  })

  it('breaks its lines between words', async () => {
    const { result } = await gradeAfter(
      'put Pod web',
      check({ id: 'a', object: pod('db'), title: same('A database is there, and it is ready') }),
      check({ id: 'b', object: pod('web'), needs: ['a'] }),
    )
    const lines = verdictLines(result, 'en', plainStyle, 34)
    expect(lines.slice(0, 2)).toEqual(['  ✗ A database is there, and it is', '    ready'])
    expect(lines.slice(-3, -1)).toEqual(['  ○ It holds  (needs: A database', '    is there, and it is ready)'])
  })

  it("leaves the learner's world as it was", async () => {
    const { world, result } = await gradeAfter(
      'put Pod web\nput Pod db',
      // biome-ignore lint/suspicious/noThenProperty: a grader's word, never called
      check({ after: { run: 'drop Pod web', then: [{ absent: { kind: 'Pod', name: 'web' } }] } }),
    )
    expect(result.passed).toBe(true)
    expect([...world.objects.keys()]).toEqual(['Pod/web', 'Pod/db'])
    expect(world.now).toBe(20)
  })

  it('notices what was so only for a moment', async () => {
    const never = check({ never: { check: { object: pod('bad') } } })
    const always = check({ always: { from: { object: pod('web') }, check: { object: pod('web') } } })
    const kept = await gradeAfter('put Pod web\nput Pod other', never, always)
    expect(kept.result.passed).toBe(true)
    const broken = await gradeAfter('put Pod web\nput Pod bad\ndrop Pod bad\ndrop Pod web\nput Pod web', never, always)
    expect(broken.result.checks.map(({ status }) => status)).toEqual(['failed', 'failed'])
  })

  it('knows what came first', async () => {
    const order = check({ order: [{ object: pod('first') }, { object: pod('second') }] })
    expect((await gradeAfter('put Pod first\nput Pod second', order)).result.passed).toBe(true)
    expect((await gradeAfter('put Pod second\nput Pod first', order)).result.passed).toBe(false)
    expect((await gradeAfter('put Pod first', order)).result.passed).toBe(false)
  })

  it('evaluates CEL over selections', async () => {
    const expr = check({
      expr: { let: { pods: { kind: 'Pod', labels: 'app=web' } }, that: 'pods.size() == 2', seen: 'pods.size()' },
    })
    expect((await gradeAfter('put Pod a app=web\nput Pod b app=web\nput Pod c', expr)).result.passed).toBe(true)
    const failed = (await gradeAfter('put Pod a app=web', expr)).result
    expect(failed.checks[0]!.failure!.seen.en).toBe('1')
  })

  it('fails, and says so, when a check itself is broken', async () => {
    const { result } = await gradeAfter(
      'put Pod web',
      check({ object: { ...pod('web'), metadata: { name: { $nonsense: 1 } } } as never }),
    )
    expect(result.passed).toBe(false)
  })
})

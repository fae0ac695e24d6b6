import fc from 'fast-check'

/** One thing that happens to a cluster: what a person types, or a fault from outside. */
export type Step =
  | { do: 'type'; text: string }
  | { do: 'node-down' | 'node-up'; node: string }
  | { do: 'wait'; seconds: number }

const yaml = (value: object) => `kubectl apply -f - <<'EOF'\n${JSON.stringify(value)}\nEOF`
const type = (text: string): Step => ({ do: 'type', text })

const GOOD = ['nginx:alpine', 'nginx:1.21-alpine', 'httpd:alpine'] as const
const image = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 1, arbitrary: fc.constant('nginx:nosuch') },
)
const replicas = fc.integer({ min: 0, max: 5 })
const name = fc.constantFrom('a', 'b')
const rolling = fc.constantFrom(
  { maxSurge: '25%', maxUnavailable: '25%' },
  { maxSurge: 1, maxUnavailable: 0 },
  { maxSurge: 0, maxUnavailable: 1 },
  { maxSurge: 2, maxUnavailable: 2 },
)

const template = (app: string, container: object, restartPolicy?: string) => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 2,
    ...(restartPolicy && { restartPolicy }),
    containers: [{ name: 'c', ...container }],
  },
})

const probe = fc.constantFrom({}, { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } })

const deployment = fc
  .record({ name, replicas, image, rolling, probe, minReadySeconds: fc.constantFrom(0, 3) })
  .map((d) =>
    type(
      yaml({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: d.name },
        spec: {
          replicas: d.replicas,
          minReadySeconds: d.minReadySeconds,
          strategy: { type: 'RollingUpdate', rollingUpdate: d.rolling },
          selector: { matchLabels: { app: d.name } },
          template: template(d.name, { image: d.image, ...d.probe }),
        },
      }),
    ),
  )

const statefulSet = fc
  .record({ replicas: fc.integer({ min: 0, max: 3 }), image, policy: fc.constantFrom('OrderedReady', 'Parallel') })
  .map((s) => {
    const app = s.policy === 'Parallel' ? 'all-at-once' : 'set'
    return type(
      yaml({
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: app },
        spec: {
          replicas: s.replicas,
          serviceName: app,
          podManagementPolicy: s.policy,
          selector: { matchLabels: { app } },
          template: template(app, { image: s.image }),
        },
      }),
    )
  })

const daemonSet = image.map((wanted) =>
  type(
    yaml({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'every' },
      spec: { selector: { matchLabels: { app: 'every' } }, template: template('every', { image: wanted }) },
    }),
  ),
)

const job = fc
  .record({ id: fc.nat(2), completions: fc.integer({ min: 1, max: 4 }), parallelism: fc.integer({ min: 1, max: 3 }) })
  .map((j) =>
    type(
      yaml({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: `job-${j.id}-${j.completions}-${j.parallelism}` },
        spec: {
          completions: j.completions,
          parallelism: j.parallelism,
          backoffLimit: 20,
          template: template('job', { image: 'busybox', command: ['sleep', '3'] }, 'Never'),
        },
      }),
    ),
  )

/** A namespace where more is asked for than is allowed. */
const quota = fc.record({ pods: fc.integer({ min: 1, max: 4 }), replicas: fc.integer({ min: 1, max: 6 }) }).map((q) =>
  type(
    [
      yaml({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } }),
      yaml({
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'q', namespace: 'team' },
        spec: { hard: { pods: String(q.pods), 'requests.cpu': '300m' } },
      }),
      yaml({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'limited', namespace: 'team' },
        spec: {
          replicas: q.replicas,
          selector: { matchLabels: { app: 'limited' } },
          template: template('limited', { image: GOOD[0], resources: { requests: { cpu: '100m' } } }),
        },
      }),
    ].join('\n'),
  ),
)

const service = name.map((app) =>
  type(
    yaml({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app },
      spec: { selector: { app }, ports: [{ port: 80 }] },
    }),
  ),
)

const command = fc.oneof(
  fc.record({ name, replicas }).map((s) => `kubectl scale deploy ${s.name} --replicas=${s.replicas}`),
  fc.record({ name, image }).map((s) => `kubectl set image deploy ${s.name} c=${s.image}`),
  name.map((each) => `kubectl rollout undo deploy ${each}`),
  name.map((each) => `kubectl rollout restart deploy ${each}`),
  fc
    .record({ name, policy: fc.constantFrom('background', 'foreground') })
    .map((d) => `kubectl delete deploy ${d.name} --cascade=${d.policy} --wait=false`),
  fc.integer({ min: 0, max: 3 }).map((n) => `kubectl scale sts set --replicas=${n}`),
  fc.constant('kubectl delete sts set --wait=false'),
  fc.constant('kubectl delete ns team --wait=false'),
  fc.nat(30).map((n) => `kubectl delete $(kubectl get pod -o name | sed -n '${n + 1}p') --wait=false`),
  fc.nat(30).map((n) => `kubectl delete $(kubectl get pod -o name | sed -n '${n + 1}p') --force --wait=false`),
  fc.constantFrom('worker', 'worker2').map((node) => `kubectl cordon ${node}`),
  fc.constantFrom('worker', 'worker2').map((node) => `kubectl uncordon ${node}`),
  fc.constant('timeout 20 kubectl drain worker --ignore-daemonsets --force'),
)

const node = fc.constantFrom('worker', 'worker2')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: deployment },
  { weight: 3, arbitrary: statefulSet },
  { weight: 1, arbitrary: daemonSet },
  { weight: 2, arbitrary: job },
  { weight: 2, arbitrary: quota },
  { weight: 1, arbitrary: service },
  { weight: 8, arbitrary: command.map(type) },
  { weight: 1, arbitrary: node.map((each): Step => ({ do: 'node-down', node: each })) },
  { weight: 1, arbitrary: node.map((each): Step => ({ do: 'node-up', node: each })) },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }).map((seconds): Step => ({ do: 'wait', seconds })) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'wait', seconds: 400 }) },
)

export const steps = (longest: number) => fc.array(step, { minLength: 3, maxLength: longest })

import { beforeAll, describe, expect, test } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { begin, type Traffic } from '../world.ts'

/** A server that takes two seconds to start. */
const slow = (name: string, release: number, care: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 2
  strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - name: web
        image: nginx:1.${release}-alpine
        command: [sh, -c, 'sleep 2; exec nginx -g "daemon off;"']
${care}`
const PROBE = `        readinessProbe: {httpGet: {path: PATH, port: 80}, periodSeconds: 1}
        lifecycle: {preStop: {exec: {command: [sleep, '3']}}}
`

describe('under load', () => {
  let t: Traffic
  beforeAll(async () => {
    t = await begin('two-node')
  })

  test('a rollout loses no request when the probe is right, many without one, and never ends with a wrong one', async () => {
    const roll = (release: number, wrong = '/') =>
      t.apply(`${slow('careful', release, PROBE.replace('PATH', wrong))}---\n${slow('careless', release, '')}`)
    await roll(21)
    await t.run(`kubectl expose deploy careful --port=80; kubectl expose deploy careless --port=80
kubectl rollout status deploy careful; kubectl rollout status deploy careless; sleep 8`)
    const load = (seconds: number) =>
      t.run(`kubectl run load --image=busybox --restart=Never -- sh -c 'while sleep 0.4; do
  for s in careful careless; do wget -qO- -T 1 http://$s/ >/dev/null 2>&1 && echo $s ok || echo $s lost; done
done'
kubectl wait --for=condition=Ready pod/load
sleep ${seconds}`)
    await load(1)
    await roll(22)
    await t.run('kubectl rollout status deploy careful; kubectl rollout status deploy careless; sleep 5')
    const log = await t.run('kubectl logs load')
    expect(log.match(/careful ok/g)!.length).toBeGreaterThan(30)
    expect(log).not.toContain('careful lost')
    expect(log.match(/careless lost/g)!.length).toBeGreaterThan(3)
    // A probe of a page that is not there keeps the new Pods out: nothing is lost, nothing gets further.
    await roll(23, '/none')
    expect(await t.run('kubectl rollout status deploy careful --timeout=10s')).toContain(
      'error: timed out waiting for the condition',
    )
    expect(await t.run('kubectl logs load --since=10s; kubectl delete pod load --now')).not.toContain('careful lost')
    expect(await t.run('kubectl get deploy careful --no-headers')).toMatch(/^careful +2\/2 +1 +2 /)
    await t.run('kubectl delete deploy careful careless --now')
  })

  test('the notes’ autoscaler follows ab up, and goes down again when it is quiet', async () => {
    await t.apply(`${['metrics-server.yaml', 'hpa-dep.yml', 'hpa.yml'].map(manifest).join('---\n')}`)
    const replicas = async () => Number(await t.run(`kubectl get deploy ngx-hpa-dep -o jsonpath='{.spec.replicas}'`))
    await t.run('sleep 60')
    expect(await t.run('kubectl get hpa --no-headers')).toMatch(
      /^ngx-hpa +Deployment\/ngx-hpa-dep +cpu: 0%\/5% +2 +10 +2 /,
    )
    await t.run(`kubectl run test --image=httpd:alpine --restart=Never -- ab -c 10 -t 60 -n 1200 http://ngx-hpa-svc/
sleep 60`)
    expect(await t.run('kubectl logs test')).toMatch(/Complete requests: +1200\nFailed requests: +0\n/)
    expect(await replicas()).toBeGreaterThanOrEqual(5)
    expect(await t.run('kubectl describe hpa ngx-hpa')).toContain(
      'reason: cpu resource utilization (percentage of request) above target',
    )
    // Down only after five quiet minutes.
    await t.run('sleep 180')
    expect(await replicas()).toBeGreaterThanOrEqual(5)
    await t.run('sleep 240')
    expect(await replicas()).toBe(2)
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { begin, type Traffic } from '../world.ts'

describe('what reaches a Service, and what does not', () => {
  let t: Traffic
  const from = (command: string) => t.run(`kubectl exec box -- ${command}`)
  const page = (url: string) => from(`wget -qO- -T 3 ${url}`)
  const patch = (change: string) => t.run(`kubectl patch svc web --type=json -p '[${change}]'; sleep 2`)
  beforeAll(async () => {
    t = await begin('two-node')
    await t.run(`kubectl create deploy web --image=nginx:alpine --replicas=2
kubectl expose deploy web --port=80
kubectl run box --image=busybox -- sleep 99999
kubectl rollout status deploy web; kubectl wait --for=condition=Ready pod/box; sleep 2`)
  })

  test('names: its own, with its namespace, in full; a slip finds nothing', async () => {
    for (const name of [
      'web',
      'web.default',
      'web.default.svc',
      'web.default.svc.cluster.local',
      'web.default.svc.cluster.local.',
    ])
      expect(await page(name)).toContain('Welcome to nginx!')
    expect(await page('wbe')).toContain("wget: bad address 'wbe'")
    expect(await page('web.other')).toContain("wget: bad address 'web.other'")
    expect(await from('nslookup wbe.default.svc.cluster.local')).toContain(
      "can't find wbe.default.svc.cluster.local: NXDOMAIN",
    )
    expect(await from('cat /etc/resolv.conf')).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n',
    )
    const [ip] = /10\.10\.\d+\.\d+/.exec(await t.run('kubectl get pod -l app=web -o wide'))!
    expect(await page(`${ip.replaceAll('.', '-')}.default.pod`)).toContain('Welcome to nginx!')
  })

  test('a port it does not have times out; a wrong target port, a wrong selector and no Pods are refused', async () => {
    expect(await page('web:8080')).toContain('wget: download timed out')
    await patch('{"op":"replace","path":"/spec/ports/0/targetPort","value":8081}')
    expect(await page('web')).toContain('Connection refused')
    await patch(
      '{"op":"replace","path":"/spec/ports/0/targetPort","value":80},{"op":"replace","path":"/spec/selector/app","value":"wbe"}',
    )
    expect(await page('web')).toContain('Connection refused')
    expect(await t.run('kubectl describe svc web')).toMatch(/^Endpoints: +$/m)
    await patch('{"op":"replace","path":"/spec/selector/app","value":"web"}')
    expect(await page('web')).toContain('Welcome to nginx!')
    await t.run('kubectl scale deploy web --replicas=0; sleep 5')
    expect(await page('web')).toContain('Connection refused')
    await t.run('kubectl scale deploy web --replicas=2; kubectl rollout status deploy web; sleep 2')
    expect(await page('web')).toContain('Welcome to nginx!')
  })
})

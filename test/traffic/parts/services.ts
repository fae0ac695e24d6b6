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

  test('a NodePort with local traffic only answers where a Pod is; clients that stay with their Pod', async () => {
    await t.run(
      `kubectl expose deploy web --name=outside --port=80 --type=NodePort; kubectl rollout status deploy web; sleep 1`,
    )
    const port = (await t.run(`kubectl get svc outside -o jsonpath='{.spec.ports[0].nodePort}'`)).trim()
    const code = (node: string) =>
      t.run(`curl -s -m 2 -o /dev/null -w '%{http_code}' http://192.168.10.${node}:${port}; sleep 1`)
    expect([await code('210'), await code('220')]).toEqual(['200', '200'])
    await t.run(`kubectl patch svc outside -p '{"spec":{"externalTrafficPolicy":"Local"}}'; sleep 1`)
    expect([await code('210'), await code('220')]).toEqual(['000', '200'])
    await t.run(`for p in $(kubectl get pod -l app=web -o name); do
  kubectl exec $p -- sh -c 'hostname > /usr/share/nginx/html/index.html'
done`)
    const served = () =>
      t.run('kubectl exec box -- sh -c "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do wget -qO- web; done" | sort -u | wc -l')
    expect(await served()).toBe('2\n')
    await t.run(`kubectl patch svc web -p '{"spec":{"sessionAffinity":"ClientIP"}}'; sleep 1`)
    expect(await served()).toBe('1\n')
    await t.run('kubectl delete svc outside')
  })

  test('NetworkPolicies: who may come in, and where one may go', async () => {
    const reach = async () => (await t.run('kubectl exec box -- wget -qO- -T 2 http://web')).includes('web-')
    const policy = (name: string, pod: string, rules: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}}
spec: {podSelector: {matchLabels: {${pod}}}, ${rules}}`
    const friends = policy(
      'friends',
      'app: web',
      'policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {role: friend}}}], ports: [{port: 80}]}]',
    )
    expect(await reach()).toBe(true)
    await t.apply(friends)
    expect(await reach()).toBe(false)
    await t.run('kubectl label pod box role=friend')
    expect(await reach()).toBe(true)
    const names =
      'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}, {port: 53}]}]'
    await t.apply(policy('names-only', 'run: box', names))
    expect(await reach()).toBe(false)
    await t.run('kubectl delete netpol --all')
    expect(await reach()).toBe(true)
  })

  test('busybox serves files; a child that takes too much memory ends its whole container', async () => {
    expect(
      await from('sh -c "mkdir /www; echo hi > /www/index.html; httpd -p 8000 -h /www; wget -qO- localhost:8000"'),
    ).toBe('hi\n')
    expect(await from('wget -qO- localhost:8000/none')).toContain('server returned error: HTTP/1.1 404 Not Found')
    await t.apply(`apiVersion: v1
kind: Pod
metadata: {name: greedy}
spec:
  restartPolicy: Never
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'dd if=/dev/zero of=/dev/null bs=100M count=1 & wait; echo survived; sleep 100']
    resources: {limits: {memory: 20Mi}}`)
    expect(await t.run('sleep 8; kubectl get pod greedy --no-headers; kubectl logs greedy')).toMatch(
      /^greedy +0\/1 +OOMKilled +0 +\S+\n$/,
    )
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { createWorld, type SimulatedWorld } from '../../src/sim/world/create-world.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))
let world: SimulatedWorld
const run = async (text: string) => {
  const { stdout, stderr } = await world.script(text)
  return stdout + stderr
}
const apply = (yaml: string) => run(`kubectl apply -f - <<'EOF'\n${yaml}\nEOF`)

beforeEach(async () => {
  world = await createWorld({ seed: 3, topology: 'two-node', commands, drain })
})

const account = (name: string, namespace: string, rules: string) => `
apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ${name}}
rules: [${rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${name}}
subjects: [{kind: ServiceAccount, name: ${name}, namespace: ${namespace}}]
`

const metricsServer = (
  extra: string,
) => `${account('metrics-server', 'kube-system', '{apiGroups: [""], resources: [nodes, pods, nodes/metrics], verbs: [get, list, watch]}')}
---
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system}
spec: {selector: {app: metrics}, ports: [{name: https, port: 443, targetPort: 4443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: metrics-server, namespace: kube-system}
spec:
  selector: {matchLabels: {app: metrics}}
  template:
    metadata: {labels: {app: metrics}}
    spec:
      serviceAccountName: metrics-server
      containers:
      - name: m
        image: registry.k8s.io/metrics-server/metrics-server:v0.6.4
        args: [--secure-port=4443, --metric-resolution=15s${extra}]
        readinessProbe: {httpGet: {path: /readyz, port: 4443, scheme: HTTPS}, periodSeconds: 5}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  {group: metrics.k8s.io, version: v1beta1, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true, service: {name: metrics-server, namespace: kube-system}}
`

describe('metrics-server', () => {
  it('serves no metrics while it cannot verify the kubelets, and does with --kubelet-insecure-tls', async () => {
    expect(await run('kubectl top nodes')).toContain('Metrics API not available')
    await apply(metricsServer(''))
    await run('sleep 60')
    expect(await run('kubectl get apiservice v1beta1.metrics.k8s.io')).toContain('False (MissingEndpoints)')
    expect(await run('kubectl top nodes')).toContain('the server is currently unable to handle the request')
    expect(await run('kubectl logs -n kube-system deploy/metrics-server')).toContain("doesn't contain any IP SANs")
    await apply(metricsServer(', --kubelet-insecure-tls'))
    await run('sleep 60')
    expect(await run('kubectl get apiservice v1beta1.metrics.k8s.io')).toMatch(/metrics-server +True /)
    expect(await run('kubectl top nodes')).toMatch(/^worker +\d+m +\d+% +\d+Mi +\d+%$/m)
    await run('kubectl delete deploy -n kube-system metrics-server; sleep 5')
    expect(await run('kubectl top nodes')).toContain('unable to handle the request')
  })
})

describe('NGINX Ingress Controller', () => {
  it('routes by host and path once its class, ConfigMap and Secret are there', async () => {
    await run('kubectl create ns nginx-ingress')
    await apply(`${account('nginx-ingress', 'nginx-ingress', '{apiGroups: ["", networking.k8s.io], resources: ["*"], verbs: ["*"]}')}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: kic, namespace: nginx-ingress}
spec:
  selector: {matchLabels: {app: kic}}
  template:
    metadata: {labels: {app: kic}}
    spec:
      serviceAccountName: nginx-ingress
      hostNetwork: true
      containers:
      - name: c
        image: nginx/nginx-ingress:2.4.2
        args: [--ingress-class=ink, -nginx-configmaps=nginx-ingress/nginx-config]
        readinessProbe: {httpGet: {path: /nginx-ready, port: 8081}, periodSeconds: 1}`)
    await run('sleep 20')
    const log = await run('kubectl logs -n nginx-ingress deploy/kic')
    expect(log).toContain('Error when getting IngressClass ink: ingressclasses.networking.k8s.io "ink" not found')
    await apply(`apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ink}
spec: {controller: nginx.org/ingress-controller}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: nginx-config, namespace: nginx-ingress}`)
    await run(`kubectl create deploy web --image=nginx:alpine
kubectl expose deploy web --port=80
kubectl create ing one --class=ink --rule='a.test/exact=web:80' --rule='b.test/*=web:80'
kubectl create ing other --class=none --rule='c.test/*=web:80'
sleep 60`)
    const status = (host: string, path: string) =>
      run(`curl -s -o /dev/null -w '%{http_code}' -H 'Host: ${host}' http://192.168.10.220${path}`)
    expect(await status('b.test', '/')).toBe('200')
    // Behind the route another nginx says that it has no such page; the other path is the controller's own 404.
    const page = (path: string) => run(`curl -s -H 'Host: a.test' http://192.168.10.220${path}`)
    expect(await page('/exact')).not.toContain('nginx/1.23.2')
    expect(await page('/other')).toContain('nginx/1.23.2')
    expect(await status('c.test', '/')).toBe('404')
    expect(await run('kubectl describe ing one')).toContain('Configuration for default/one was added or updated')
    await run('kubectl scale deploy web --replicas=0; sleep 5')
    expect(await status('b.test', '/')).toBe('502')
  })
})

import { describe, expect, it } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { begin } from '../world.ts'

const CHECKED = manifest('metrics-server.yaml').replace(/ +- --kubelet-insecure-tls\n/, '')

describe('metrics-server', () => {
  it('serves no metrics while it cannot verify the kubelets, and does with --kubelet-insecure-tls', async () => {
    const { run, apply } = await begin('two-node')
    expect(await run('kubectl top nodes')).toContain('Metrics API not available')
    await apply(CHECKED)
    await run('sleep 60')
    expect(await run('kubectl get apiservice v1beta1.metrics.k8s.io')).toContain('False (MissingEndpoints)')
    expect(await run('kubectl top nodes')).toContain(
      'the server is currently unable to handle the request (get nodes.metrics.k8s.io)',
    )
    expect(await run('kubectl logs -n kube-system deploy/metrics-server')).toContain("doesn't contain any IP SANs")
    await apply(manifest('metrics-server.yaml'))
    await run('sleep 60')
    expect(await run('kubectl get apiservice v1beta1.metrics.k8s.io')).toMatch(/metrics-server +True /)
    expect(await run('kubectl top nodes')).toMatch(/^worker +\d+m +\d+% +\d+Mi +\d+%$/m)
    await run('kubectl delete deploy -n kube-system metrics-server; sleep 5')
    expect(await run('kubectl top nodes')).toContain('unable to handle the request')
  })
})

describe('NGINX Ingress Controller', () => {
  it('routes by host and path once its class, ConfigMap and Secret are there', async () => {
    const { run, apply } = await begin('two-node')
    await run(`kubectl create ns nginx-ingress; kubectl create sa -n nginx-ingress nginx-ingress
kubectl create clusterrolebinding nginx-ingress --clusterrole=cluster-admin --serviceaccount=nginx-ingress:nginx-ingress`)
    await apply(`apiVersion: apps/v1
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

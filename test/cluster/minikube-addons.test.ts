import { expect, test } from 'vitest'
import { begin } from './world.ts'

const INGRESSES = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: paths
  annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2, nginx.ingress.kubernetes.io/auth-type: basic}
spec:
  rules:
  - host: hello.test
    http:
      paths:
      - {path: /v1(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 8080}}}}
      - {path: /echo(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: echo, port: {number: 8080}}}}
      - {path: /none(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: none, port: {number: 80}}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: tls}
spec:
  ingressClassName: nginx
  tls: [{hosts: [tls.test], secretName: tls}]
  rules:
  - host: tls.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: other}
spec:
  ingressClassName: other
  rules:
  - host: other.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}]}
`

test('addons of minikube: known ones run, others say so; ingress answers on the node by class, host, path and secret', async () => {
  const { run, write } = await begin('minikube')
  write('ingress.yml', INGRESSES)
  expect(await run('minikube addons enable nosuch; echo $?; minikube addons enable kong; echo $?')).toMatch(
    /MK_ADDON_ENABLE: enable failed: run callbacks: running callbacks: \[nosuch is not a valid addon\]\n|^10\n\* not simulated: minikube's addon kong\n10\n/,
  )
  const enabled = await run('minikube addons enable ingress')
  expect(enabled).toMatch(/\* Verifying ingress addon\.\.\.\n\* The 'ingress' addon is enabled\n$/)
  expect(await run('kubectl get pod -n ingress-nginx --no-headers')).toMatch(
    /^\S+-create-\S+ +0\/1 +Completed .*\n\S+-patch-\S+ +0\/1 +Completed .*\n\S+-controller-\S+ +1\/1 +Running .*\n$/,
  )
  expect(await run("minikube addons list -o json | jq -c '.ingress, .kong'")).toBe(
    '{"Profile":"minikube","Status":"enabled"}\n{"Profile":"minikube","Status":"disabled"}\n',
  )
  await run(`kubectl create deploy web --image=gcr.io/google-samples/hello-app:1.0
kubectl create deploy echo --image=kicbase/echo-server:1.0
kubectl expose deploy web --port=8080; kubectl expose deploy echo --port=8080
openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 30 -subj /CN=tls.test
kubectl create secret tls tls --cert=c.pem --key=k.pem
kubectl apply -f ingress.yml
echo "$(minikube ip) hello.test tls.test other.test" | sudo tee -a /etc/hosts
sleep 65`)
  expect(await run('curl -s hello.test/v1')).toMatch(/^Hello, world!\nVersion: 1\.0\.0\nHostname: web-/)
  expect(await run("curl -s 'hello.test/echo/a/b?x=1'")).toMatch(
    /\n\nGET \/a\/b\?x=1 HTTP\/1\.1\n\nHost: hello\.test\n/,
  )
  const code = "curl -ks -o /dev/null -w '%{http_code} %{redirect_url}\\n'"
  expect(
    await run(`for u in hello.test/none hello.test tls.test https://tls.test other.test; do ${code} $u; done`),
  ).toBe('503 \n404 \n308 https://tls.test/\n200 \n404 \n')
  expect(await run('curl -s hello.test')).toContain('<hr><center>nginx</center>')
  expect(await run('curl -skv https://tls.test https://hello.test 2>&1 | grep subject:')).toBe(
    '*  subject: CN=tls.test\n*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n',
  )
  expect(await run("kubectl get ing --no-headers | awk '{print $1, $2, $4}'")).toBe(
    'other other 80\npaths nginx 192.168.49.2\ntls nginx 192.168.49.2\n',
  )
  expect(await run('kubectl logs -n ingress-nginx deploy/ingress-nginx-controller')).toContain(
    'not simulated: annotation nginx.ingress.kubernetes.io/auth-type of ingress default/paths',
  )
  await run('minikube addons disable ingress; sleep 40')
  expect(await run('curl -m 3 -s hello.test/v1; echo $?')).toBe('7\n')
}, 60_000)

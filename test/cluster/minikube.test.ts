import { expect, test } from 'vitest'
import { begin } from './world.ts'

test('minikube makes a cluster in a container of the computer, stops it, starts it again with what it held, and deletes it', async () => {
  const { run } = await begin('docker')
  expect(await run('minikube status')).toContain('* Profile "minikube" not found.')
  const started = await run('minikube start --kubernetes-version=v1.23.3')
  expect(started).toContain('! not simulated: Kubernetes v1.23.3; the cluster behaves as v1.36.2\n')
  expect(started).toContain('* Done! kubectl is now configured to use "minikube" cluster')
  expect(await run('minikube status')).toBe(
    'minikube\ntype: Control Plane\nhost: Running\nkubelet: Running\napiserver: Running\nkubeconfig: Configured\n\n',
  )
  expect(await run('minikube node list; minikube ip')).toBe('minikube\t192.168.49.2\n192.168.49.2\n')
  expect(await run(`docker ps --format '{{.Image}} {{.Names}}'`)).toBe('gcr.io/k8s-minikube/kicbase:v0.0.48 minikube\n')
  await run(`kubectl create deploy web --image=nginx:alpine
kubectl expose deploy web --port=80 --type=NodePort
kubectl apply -f - <<'X'
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
X
sleep 20`)
  expect(
    await run(`kubectl get pod -n kube-system --no-headers | awk '{print $1, $3}' | sed 's/-[a-z0-9]*-[a-z0-9]* / /'`),
  ).toMatch(/^coredns Running\netcd-minikube Running\n[\s\S]*storage-provisioner Running\n$/)
  expect(await run('curl -s $(minikube service web --url)')).toContain('Welcome to nginx!')
  expect(await run(`kubectl get pvc data -o jsonpath='{.status.phase} {.spec.storageClassName}'`)).toBe(
    'Bound standard',
  )
  expect(await run('minikube ssh ls /tmp/hostpath-provisioner/default')).toBe('data\n')
  expect(await run('minikube kubectl -- get pod --no-headers')).toMatch(/^web-\S+ +1\/1 +Running/)
  expect(await run('minikube addons enable metrics-server')).toContain("The 'metrics-server' addon is enabled")
  expect(await run('minikube addons list')).toMatch(/metrics-server +│ minikube │ enabled ✅/)

  expect(await run('minikube stop')).toContain('* 1 node stopped.')
  expect(await run('minikube status')).toContain('host: Stopped\nkubelet: Stopped\napiserver: Stopped\n')
  expect(await run('curl -m 3 -s http://192.168.49.2:8443; echo $?')).toMatch(/^(7|28)\n$/)
  await run('minikube start; sleep 15')
  expect(await run('kubectl get pod --no-headers')).toMatch(/^web-\S+ +1\/1 +Running +1 \(/)
  expect(await run('curl -s $(minikube service web --url)')).toContain('Welcome to nginx!')
  await run('minikube delete')
  expect(await run('docker ps -aq; kubectl get node')).toBe(
    'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
  )
}, 40_000)

test('a world of topology minikube has the cluster that minikube started, and minikube knows it', async () => {
  const { run } = await begin('minikube')
  expect(await run('minikube status --format "{{.Host}} {{.Kubelet}} {{.APIServer}} {{.Kubeconfig}}"')).toBe(
    'Running Running Running Configured',
  )
  expect(await run(`minikube node list; docker ps --format '{{.Names}}'; minikube ssh hostname`)).toBe(
    'minikube\t192.168.49.2\nminikube\nminikube\n',
  )
  expect(await run(`kubectl get pod -n kube-system --no-headers | awk '{print $3}' | uniq -c`)).toMatch(
    /^ +7 Running\n$/,
  )
}, 20_000)

test('minikube with several nodes, and a node that comes later; Pods of different nodes reach each other', async () => {
  const { run } = await begin('docker')
  await run('minikube start --nodes 2; minikube node add; sleep 20')
  expect(await run("kubectl get node --no-headers | awk '{print $1, $2}'")).toBe(
    'minikube Ready\nminikube-m02 Ready\nminikube-m03 Ready\n',
  )
  await run(
    `kubectl create deploy web --image=nginx:alpine --replicas=3; kubectl expose deploy web --port=80; sleep 20`,
  )
  expect(await run(`kubectl get pod -o jsonpath='{.items[*].spec.nodeName}' | tr ' ' '\\n' | sort -u | wc -l`)).toBe(
    '3\n',
  )
  const pages = `for i in 1 2 3 4 5 6; do kubectl exec deploy/web -- curl -s -m 3 web | grep -c title; done`
  expect(await run(pages)).toBe('1\n'.repeat(6))
}, 40_000)

test('minikube without Docker says what is missing', async () => {
  const { run } = await begin('none')
  expect(await run('minikube start; echo $?')).toMatch(
    /X Exiting due to DRV_NOT_HEALTHY: [\s\S]*69\n|69\n[\s\S]*DRV_NOT_HEALTHY/,
  )
  expect(await run('minikube start --driver=virtualbox')).toContain("not simulated: minikube's driver virtualbox")
}, 20_000)

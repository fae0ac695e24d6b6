import { expect, test } from 'vitest'
import { begin } from './world.ts'

test('the dashboard draws what the API answers its account, usage too once metrics-server runs; a token narrows it', async () => {
  const { run } = await begin('minikube')
  await run(`minikube addons enable metrics-server
kubectl create deploy web --image=nginx:alpine
kubectl create deploy bad --image=nginx:nosuch
minikube dashboard --url > url 2> told &
sleep 150`)
  const page = await run('curl -s $(cat url)')
  expect(page).toMatch(/^Kubernetes Dashboard +Namespace: default\n═+\n/)
  expect(page).toMatch(/\n {2}Deployments +█+░+ {2}1 running, 1 failed\n {2}Pods +█+░+ {2}1 running, 1 failed\n/)
  expect(page).toMatch(/\n {2}web-\S+ +minikube +Running +0 +\d\.\d{3} +[\d.]+Mi +\S+ ago\n/)
  expect(page).toMatch(/\n {2}bad-\S+ +minikube +\w+ +0 +- +- +\S+ ago\n {4}! Failed to pull image "nginx:nosuch"/)
  expect(page).toMatch(/\n {2}CPU Usage \(cores\) +[▁-█]+ {2}\d\.\d{3}\n/)
  expect(await run('cat told')).toContain('* Enabling dashboard ...')

  const viewer = await run(`kubectl create sa viewer
kubectl create role looker --verb=list --resource=pods
kubectl create rolebinding looker --role=looker --serviceaccount=default:viewer
kubectl port-forward -n kubernetes-dashboard deploy/kubernetes-dashboard 9090 > /dev/null &
sleep 1
curl -s -H "Authorization: Bearer $(kubectl create token viewer)" localhost:9090`)
  expect(viewer).toContain(
    '! services is forbidden: User "system:serviceaccount:default:viewer" cannot list resource "services" in API group "" in the namespace "default"\n',
  )
  expect(viewer).toMatch(/── Pods ─+\n/)
  expect(viewer).not.toContain('── Services ')

  await run('kubectl delete deploy -n kubernetes-dashboard kubernetes-dashboard; sleep 40')
  expect(await run('curl -s $(cat url)')).toContain(
    'no endpoints available for service \\"http:kubernetes-dashboard:\\"',
  )
}, 60_000)

import { expect, test } from 'vitest'
import { begin } from './world.ts'

test('minikube takes images and files in, opens a tunnel for load balancers, pauses, and keeps settings', async () => {
  const { run } = await begin('minikube')
  await run(`mkdir app; echo mine > app/index.html
printf 'FROM nginx:alpine\\nCOPY index.html /usr/share/nginx/html/\\n' > app/Dockerfile
docker build -q -t web:v1 app; minikube image load web:v1; minikube image build -t built:v2 app
kubectl run one --image=web:v1 --image-pull-policy=Never
kubectl run two --image=built:v2 --image-pull-policy=Never
kubectl expose pod one --port=80 --type=LoadBalancer; sleep 10`)
  expect(await run('minikube image ls | grep library')).toBe('docker.io/library/web:v1\ndocker.io/library/built:v2\n')
  expect(await run("docker images --format '{{.Repository}}' | grep -c minikube.local")).toBe('0\n')
  expect(await run("kubectl get pod --no-headers | awk '{print $1, $3}'")).toBe('one Running\ntwo Running\n')
  expect(await run('minikube image load nosuch:v9; echo $?')).toContain('No such image: nosuch:v9')

  const address = "kubectl get svc one -o jsonpath='{.status.loadBalancer.ingress[0].ip}'"
  expect(await run(`${address}; minikube tunnel > told & sleep 8; curl -s -m 3 $(${address})`)).toBe('mine\n')
  expect(await run('cat told')).toContain('\troute: 10.96.0.0/12 -> 192.168.49.2\n')
  expect(await run(`pkill -f 'minikube tunnel'; sleep 2; ${address}; ip route | grep -c 10.96`)).toBe('0\n')

  await run('minikube cp app/index.html /home/docker/in/page; minikube cp minikube:/etc/hostname back')
  expect(await run('minikube ssh cat /home/docker/in/page; cat back; minikube cp gone /x; echo $?')).toMatch(
    /^mine\nminikube\n35\n[\s\S]*HOST_PATH_MISSING/,
  )

  expect(await run('minikube pause')).toMatch(/\* Paused \d+ containers in: kube-system, /)
  expect(await run("minikube status -f '{{.Kubelet}} {{.APIServer}}'; kubectl get node")).toBe(
    'Stopped PausedThe connection to the server 192.168.49.2:8443 was refused - did you specify the right host or port?\n',
  )
  await run('minikube unpause; sleep 5')
  expect(await run("minikube status -f '{{.Kubelet}} {{.APIServer}}'; kubectl get node --no-headers")).toMatch(
    /^Running Runningminikube +Ready/,
  )

  expect(
    await run('minikube config set memory 4096; minikube config view; minikube config get nothing; echo $?'),
  ).toMatch(/^- memory: 4096\n1\n! These changes will take effect[\s\S]*specified key could not be found in config\n$/)
  expect(await run('minikube profile; minikube profile gone; minikube docker-env; minikube mount .')).toMatch(
    /^minikube\n[\s\S]*X Profile "gone" not found[\s\S]*only compatible with the "docker" runtime[\s\S]*not simulated: minikube mount/,
  )
  const refused = async (flags: string) => (await run(`minikube start -p other ${flags} 2>&1 | tail -1; echo`)).trim()
  expect(await refused('--kubernetes-version=v1.10.0')).toContain(
    'K8S_OLD_UNSUPPORTED: Kubernetes 1.10.0 is not supported',
  )
  expect(await refused('--kubernetes-version=v1.99.0')).toContain('Kubernetes version not found in GitHub version list')
  expect(await refused('--cni=calico')).toContain("not simulated: minikube's CNI calico")
  expect(await refused('--container-runtime=docker')).toContain("not simulated: minikube's container runtime docker")
  expect(await run('minikube service gone; echo $?; minikube stop > /dev/null; minikube tunnel; echo $?')).toMatch(
    /115\n[\s\S]*83\n/,
  )
}, 60_000)

import { expect, test } from 'vitest'
import { flannel } from './flannel.ts'
import { begin } from './world.ts'

const PREPARE = `for n in master worker; do
  ssh $n 'sudo modprobe br_netfilter; sudo sysctl -w net.ipv4.ip_forward=1; sudo swapoff -a'
done`
const KUBECONFIG = 'mkdir -p .kube; ssh master sudo cat /etc/kubernetes/admin.conf > .kube/config'
/** The last two lines of what init prints, as one. */
const JOIN = `tail -2 init.txt | tr -d '\\\\\\n' > join.sh`
const nodes = `kubectl get node --no-headers | awk '{print $1, $2}'`

test('kubeadm makes two machines a cluster: mistakes of preparation first, then NotReady until flannel is there', async () => {
  const { run, write } = await begin('machines')
  const init = 'ssh master sudo kubeadm init --pod-network-cidr=10.10.0.0/16'
  const refused = await run(init)
  expect(refused).toContain('[WARNING Swap]: swap is supported for cgroup v2 only.')
  expect(refused).toContain('/proc/sys/net/ipv4/ip_forward contents are not set to 1')
  expect(await run('ssh master kubeadm init')).toContain('[ERROR IsPrivilegedUser]: user is not running as root')
  // Swap is only warned of; the kubelet is what refuses to run.
  await run(`ssh master sudo sysctl -w net.ipv4.ip_forward=1; ssh master sudo systemctl stop containerd`)
  expect(await run(init)).toContain('[ERROR CRI]: could not connect to the container runtime')
  await run('ssh master sudo systemctl start containerd')
  expect(await run(init)).toContain('The kubelet is not healthy after 4m0')
  expect(await run('ssh master sudo journalctl -u kubelet -n 1')).toContain('running with swap on is not supported')
  await run('ssh master sudo kubeadm reset -f')

  await run(`${PREPARE}; ${init} > init.txt 2>&1; ${KUBECONFIG}; ${JOIN}`)
  expect(await run('cat init.txt')).toContain('Your Kubernetes control-plane has initialized successfully!')
  expect(await run(init)).toContain('[ERROR Port-6443]: Port 6443 is in use')
  expect(await run('ssh worker sudo $(cat join.sh)')).toContain('This node has joined the cluster:')
  await run('sleep 5')
  expect(await run(nodes)).toBe('master NotReady\nworker NotReady\n')
  expect(await run('kubectl describe node worker')).toContain('cni plugin not initialized')
  expect(await run('kubectl get pod -n kube-system -l k8s-app=kube-dns')).toContain('Pending')

  // A network other than the cluster's, then the right one.
  write('flannel.yml', flannel('10.244.0.0/16'))
  await run('kubectl apply -f flannel.yml; sleep 15')
  expect(await run('kubectl logs -n kube-flannel ds/kube-flannel-ds')).toContain(
    `subnet "10.244.0.0/16" specified in the flannel net config doesn't contain "10.10.`,
  )
  write('flannel.yml', flannel('10.10.0.0/16'))
  await run('kubectl apply -f flannel.yml; kubectl delete pod -n kube-flannel --all; sleep 40')
  expect(await run(nodes)).toBe('master Ready\nworker Ready\n')
  expect(await run("kubectl get pod -n kube-system --no-headers | awk '{print $3}' | sort | uniq -c")).toBe(
    '      8 Running\n',
  )
  await run('kubectl create deploy web --image=nginx:alpine; kubectl expose deploy web --port=80; sleep 15')
  expect(await run('kubectl exec deploy/web -- curl -s web')).toContain('Welcome to nginx!')

  await run('ssh worker sudo kubeadm reset -f; sleep 60')
  expect(await run(nodes)).toBe('master Ready\nworker NotReady\n')
  await run('ssh master sudo kubeadm reset -f')
  expect(await run('kubectl get node')).toContain('The connection to the server 192.168.10.210:6443 was refused')
}, 40_000)

test('a machine may not join with a wrong hash, an unknown token or one whose time is over', async () => {
  const { run } = await begin('machines')
  await run(`${PREPARE}; ssh master sudo kubeadm init --token abcdef.0123456789abcdef > init.txt 2>&1; ${JOIN}`)
  const join = (options: string) => run(`ssh worker "sudo kubeadm join ${options}"`)
  const hash = (await run('grep -o sha256:.* join.sh')).trim()
  const at = '192.168.10.210:6443 --token'
  const token = 'abcdef.0123456789abcdef'
  const wrong = `sha256:${'0'.repeat(64)}`
  const pin = '--discovery-token-ca-cert-hash'
  expect(await join(`${at} ${token}`)).toContain('token-based discovery without caCertHashes can be unsafe')
  // Each asks for five minutes before it gives up: all at once.
  await run('ssh master sudo kubeadm token create bbbbbb.0123456789abcdef --ttl 1s; sleep 5')
  const failures: [string, string][] = [
    [`${at} ${token} ${pin} ${wrong}`, `none of the public keys "${hash}" are pinned`],
    [`${at} zzzzzz.0123456789abcdef ${pin} ${hash}`, 'could not find a JWS signature in the cluster-info ConfigMap'],
    [`${at} abcdef.9999999999999999 ${pin} ${hash}`, 'failed to verify JWS signature'],
    [`192.168.10.220:6443 --token ${token} ${pin} ${hash}`, 'connect: connection refused'],
    [`${at} bbbbbb.0123456789abcdef ${pin} ${hash}`, 'for token ID "bbbbbb"'],
  ]
  const all = failures.map(([options], i) => `ssh worker "sudo kubeadm join ${options}" > ${i}.txt 2>&1 &`)
  await run(`${all.join('\n')}\nwait`)
  for (const [i, [, text]] of failures.entries()) expect(await run(`cat ${i}.txt`)).toContain(text)
  expect(await run('ssh master sudo kubeadm token list')).not.toContain('bbbbbb')
  const line = await run('ssh master sudo kubeadm token create --print-join-command')
  expect(line).toMatch(
    new RegExp(`^kubeadm join 192\\.168\\.10\\.210:6443 --token \\S{23} --discovery-token-ca-cert-hash ${hash} $`, 'm'),
  )
  expect(await run(`ssh worker sudo ${line}`)).toContain('This node has joined the cluster:')
}, 40_000)

test('two cards: nodes that share an address cannot be looked into, nor reach each other’s Pods, until both are told', async () => {
  const { run, write } = await begin('machines-nat')
  write('flannel.yml', flannel('10.10.0.0/16'))
  const init = 'ssh master sudo kubeadm init --apiserver-advertise-address=192.168.10.210'
  await run(`${PREPARE}; ${init} --pod-network-cidr=10.10.0.0/16 > init.txt 2>&1; ${KUBECONFIG}; ${JOIN}
ssh worker sudo $(cat join.sh); kubectl apply -f flannel.yml; sleep 30`)
  const addresses = `kubectl get node -o jsonpath='{.items[*].status.addresses[0].address}'`
  expect(await run(addresses)).toBe('10.0.2.15 10.0.2.15')
  await run('kubectl create deploy web --image=nginx:alpine; kubectl expose deploy web --port=80; sleep 15')
  expect(await run('kubectl exec deploy/web -- date')).toBe('error: unable to upgrade connection: pod does not exist\n')
  const page = 'ssh master "curl -m 5 -s $(kubectl get svc web -o jsonpath={.spec.clusterIP})"'
  expect(await run(page)).toBe('')
  await run(`for n in master:210 worker:220; do
  ssh \${n%:*} "sudo sh -c 'echo KUBELET_EXTRA_ARGS=--node-ip=192.168.10.\${n#*:} > /etc/default/kubelet'
    sudo systemctl daemon-reload; sudo systemctl restart kubelet"
done; sleep 20`)
  expect(await run(addresses)).toBe('192.168.10.210 192.168.10.220')
  expect(await run('kubectl exec deploy/web -- date')).toContain('UTC 2026')
  expect(await run(page)).toBe('')
  write('flannel.yml', flannel('10.10.0.0/16', '--iface=enp0s8'))
  await run('kubectl apply -f flannel.yml; sleep 40')
  expect(await run(page)).toContain('Welcome to nginx!')
}, 40_000)

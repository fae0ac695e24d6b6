import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'

/** A folder with the manifests that projects publish, one folder each. */
const folder = process.env.KUBEBOOK_MANIFESTS
const yamlFiles = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
// Namespaces and definitions come before what needs them.
const rank = (name: string) => (/namespace|ns-and-sa/.test(name) ? 0 : /setup\//.test(name) ? 1 : 2)
const ADJUST: Record<string, (text: string) => string> = {
  // As its own page says: Network must be what kubeadm was told.
  flannel: (text) => text.replace('10.244.0.0/16', '10.10.0.0/16'),
  'metrics-server': (text) => text.replace('- --cert-dir', '- --kubelet-insecure-tls\n        - --cert-dir'),
  'nfs-provisioner': (text) =>
    text.replaceAll('10.3.243.101', '192.168.10.100').replaceAll('/ifs/kubernetes', '/tmp/nfs'),
}
/** Pods whose programs are simulated: they become ready. */
const READY: Record<string, string[]> = {
  'metrics-server': ['-n kube-system deploy/metrics-server'],
  'nginx-ingress': ['-n nginx-ingress deploy/nginx-ingress'],
  'nfs-provisioner': ['deploy/nfs-client-provisioner'],
  flannel: ['-n kube-flannel ds/kube-flannel-ds'],
  'kube-prometheus': [
    ...['grafana', 'kube-state-metrics', 'blackbox-exporter', 'prometheus-adapter', 'prometheus-operator'].map(
      (name) => `-n monitoring deploy/${name}`,
    ),
    '-n monitoring ds/node-exporter',
    '-n monitoring sts/prometheus-k8s',
    '-n monitoring sts/alertmanager-main',
  ],
}

for (const project of folder ? readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()) : []) {
  it(`applies every file of ${project.name}, and what is simulated becomes ready`, async () => {
    const drain = () => new Promise<void>((done) => setImmediate(done))
    const world = await createWorld({ seed: 5, topology: 'two-node', commands, drain })
    await world.script(
      `mkdir -p /tmp/nfs; sudo sh -c 'echo "/tmp/nfs 192.168.10.0/24(rw,no_root_squash)" > /etc/exports; exportfs -ra'`,
    )
    const path = join(folder!, project.name)
    for (const [i, name] of yamlFiles(path).entries()) {
      const text = readFileSync(join(path, name), 'utf8')
      world.input({ type: 'write', path: `m${i}.yaml`, content: ADJUST[project.name]?.(text) ?? text })
      const { stdout, stderr, status } = await world.script(`kubectl create -f m${i}.yaml`)
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' })
      expect(stdout).toContain('created')
    }
    for (const target of READY[project.name] ?? []) {
      const { stdout } = await world.script(`kubectl rollout status --timeout=120s ${target}`)
      expect(stdout).toMatch(/successfully rolled out|roll out complete/)
    }
  }, 120_000)
}

it.runIf(!folder).skip('applies what projects publish: KUBEBOOK_MANIFESTS names no folder', () => {})

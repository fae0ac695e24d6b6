import type { DistinguishedName } from '../../sim/programs/openssl/certificate.ts'
import { CLIENTS, issue, PKI } from './certificates.ts'
import { type Call, put, read } from './command.ts'

/** The text of a kubeconfig with a client certificate of the cluster's authority. */
function clientConfig(call: Call, server: string, subject: DistinguishedName): string {
  const authority = read(call.process, `${PKI}/ca.crt`) ?? ''
  const { key, certificate } = issue(call.process, subject, [['CN', 'kubernetes']])
  const user = subject.at(-1)![1]
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${btoa(authority)}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: ${user}
  name: ${user}@kubernetes
current-context: ${user}@kubernetes
kind: Config
preferences: {}
users:
- name: ${user}
  user:
    client-certificate-data: ${btoa(certificate)}
    client-key-data: ${btoa(key)}
`
}

/** The kubeconfig phase: /etc/kubernetes/*.conf. */
export async function writeKubeconfigs(call: Call, server: string): Promise<void> {
  await call.say('[kubeconfig] Using kubeconfig folder "/etc/kubernetes"')
  for (const [file, subject] of Object.entries(CLIENTS)) {
    if (file === 'kubelet.conf') writeKubeletConfig(call, server)
    else put(call.process, `/etc/kubernetes/${file}`, clientConfig(call, server, subject))
    await call.process.compute(30)
    await call.say(`[kubeconfig] Writing "${file}" kubeconfig file`)
  }
}

/** A node's own key to the cluster. */
export function writeKubeletConfig(call: Call, server: string): void {
  const name = `system:node:${call.process.machine.hostname}`
  const subject: DistinguishedName = [
    ['O', 'system:nodes'],
    ['CN', name],
  ]
  put(call.process, '/etc/kubernetes/kubelet.conf', clientConfig(call, server, subject))
}

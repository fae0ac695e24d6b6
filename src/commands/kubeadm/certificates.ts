import { digestOf } from '../../sim/containers/images/sha256.ts'
import type { Process } from '../../sim/linux/process.ts'
import { type DistinguishedName, makeCertificate, readCertificate } from '../../sim/programs/openssl/certificate.ts'
import { makeRsaKey, publicKeyOf } from '../../sim/programs/openssl/rsa-key.ts'
import { type Call, put, read } from './command.ts'

export const PKI = '/etc/kubernetes/pki'
const YEAR = 365

interface Entry {
  name: string
  /** As check-expiration shows it. */
  shown: string
  authority?: string
  subject: DistinguishedName
}

const named = (name: string, ...organizations: string[]): DistinguishedName => [
  ...organizations.map((value) => ['O', value] as const),
  ['CN', name],
]

/** In the order kubeadm makes them. */
const CERTIFICATES: readonly Entry[] = [
  { name: 'ca', shown: 'ca', subject: named('kubernetes') },
  { name: 'apiserver', shown: 'apiserver', authority: 'ca', subject: named('kube-apiserver') },
  {
    name: 'apiserver-kubelet-client',
    shown: 'apiserver-kubelet-client',
    authority: 'ca',
    subject: named('kube-apiserver-kubelet-client', 'kubeadm:cluster-admins'),
  },
  { name: 'front-proxy-ca', shown: 'front-proxy-ca', subject: named('front-proxy-ca') },
  {
    name: 'front-proxy-client',
    shown: 'front-proxy-client',
    authority: 'front-proxy-ca',
    subject: named('front-proxy-client'),
  },
  { name: 'etcd/ca', shown: 'etcd-ca', subject: named('etcd-ca') },
  { name: 'etcd/server', shown: 'etcd-server', authority: 'etcd/ca', subject: named('master') },
  { name: 'etcd/peer', shown: 'etcd-peer', authority: 'etcd/ca', subject: named('master') },
  {
    name: 'etcd/healthcheck-client',
    shown: 'etcd-healthcheck-client',
    authority: 'etcd/ca',
    subject: named('kube-etcd-healthcheck-client'),
  },
  {
    name: 'apiserver-etcd-client',
    shown: 'apiserver-etcd-client',
    authority: 'etcd/ca',
    subject: named('kube-apiserver-etcd-client'),
  },
]

/** The client certificates inside kubeconfig files. */
export const CLIENTS: Readonly<Record<string, DistinguishedName>> = {
  'admin.conf': named('kubernetes-admin', 'kubeadm:cluster-admins'),
  'super-admin.conf': named('kubernetes-super-admin', 'system:masters'),
  'kubelet.conf': named('system:node', 'system:nodes'),
  'controller-manager.conf': named('system:kube-controller-manager'),
  'scheduler.conf': named('system:kube-scheduler'),
}

/** A key and a certificate that an authority of the cluster signs. */
export function issue(
  process: Process,
  subject: DistinguishedName,
  authority: DistinguishedName = subject,
): { key: string; certificate: string } {
  const random = process.random.fork(`certificate/${subject.map((part) => part.join('=')).join(',')}/${process.pid}`)
  const key = makeRsaKey(random, 2048, true)
  const certificate = makeCertificate(random, {
    subject,
    issuer: authority,
    publicKey: publicKeyOf(key)!,
    from: process.wallClock(),
    days: subject === authority ? 10 * YEAR : YEAR,
    authority: subject === authority,
  })
  return { key, certificate }
}

/** The certs phase: /etc/kubernetes/pki. */
export async function makeCertificates({ process, say }: Call, address: string): Promise<void> {
  const host = process.machine.hostname
  await say(`[certs] Using certificateDir folder "${PKI}"`)
  for (const { name, subject, authority } of CERTIFICATES) {
    if (read(process, `${PKI}/${name}.crt`)) {
      await say(`[certs] Using existing ${name} certificate${authority ? ' and key on disk' : ' authority'}`)
      continue
    }
    const issuer = CERTIFICATES.find((other) => other.name === authority)?.subject
    const own = subject.map(([key, value]) => [key, value === 'master' ? host : value] as const)
    const { key, certificate } = issue(process, own, issuer ?? own)
    await process.compute(60)
    put(process, `${PKI}/${name}.key`, key)
    put(process, `${PKI}/${name}.crt`, certificate, 0o644)
    await say(`[certs] Generating "${name}" certificate and key`)
    if (name === 'apiserver')
      await say(
        `[certs] apiserver serving cert is signed for DNS names [${['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local', host].sort().join(' ')}] and IPs [10.96.0.1 ${address}]`,
      )
    if (name === 'etcd/server' || name === 'etcd/peer')
      await say(
        `[certs] ${name} serving cert is signed for DNS names [${['localhost', host].sort().join(' ')}] and IPs [${address} 127.0.0.1 ::1]`,
      )
  }
  const random = process.random.fork('sa')
  put(process, `${PKI}/sa.key`, makeRsaKey(random, 2048, true))
  put(process, `${PKI}/sa.pub`, '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n')
  await say('[certs] Generating "sa" key and public key')
}

/** `sha256:…` of the authority's public key, as --discovery-token-ca-cert-hash wants it. */
export function authorityHash(pem: string): string {
  const facts = readCertificate(pem)
  return facts ? digestOf(facts.publicKey) : ''
}

/** For check-expiration: the certificates and their authorities that are on the disk. */
export function certificatesOnDisk(process: Process): {
  shown: string
  pem: string
  /** As check-expiration names it; absent for authorities. */
  authority?: string
}[] {
  const shownOf = (name: string) => CERTIFICATES.find((entry) => entry.name === name)?.shown ?? name
  const files = CERTIFICATES.map(({ name, shown, authority }) => ({
    shown,
    pem: read(process, `${PKI}/${name}.crt`) ?? '',
    ...(authority ? { authority: shownOf(authority) } : {}),
  }))
  const clients = Object.keys(CLIENTS)
    .filter((name) => name !== 'kubelet.conf')
    .map((name) => {
      const data = /client-certificate-data: (\S+)/.exec(read(process, `/etc/kubernetes/${name}`) ?? '')?.[1]
      return { shown: name, pem: data ? atob(data) : '', authority: 'ca' }
    })
  return [...files, ...clients].sort((a, b) => (a.shown < b.shown ? -1 : 1))
}

import { type Call, Exit, KUBERNETES_VERSION } from './command.ts'
import { settings } from './config.ts'
import type { Profile } from './profile.ts'

/** A flag, or what `minikube config set` has kept for it. */
export const option = ({ process, flags: given }: Call, name: string): string | undefined => {
  const kept = settings(process)[name]
  return given.string(name) ?? (kept === undefined ? undefined : String(kept))
}

/** The oldest that minikube starts. */
const OLDEST = 'v1.20.0'
const minorOf = (version: string) => Number(version.split('.')[1])

export async function versionOf(call: Call, existing: Profile | undefined): Promise<string> {
  const { out, flags: given } = call
  const wanted = option(call, 'kubernetes-version')
  if (wanted === undefined) return existing?.kubernetesVersion ?? KUBERNETES_VERSION
  if (wanted === 'stable' || wanted === 'latest') return KUBERNETES_VERSION
  const version = wanted.replace(/^v?/, 'v')
  if (!/^v\d+\.\d+(\.\d+)?$/.test(version))
    throw new Exit('MK_USAGE', `Unable to parse "${wanted}": invalid semantic version`, 14)
  const defaults = 'Use `minikube config defaults kubernetes-version` for details.'
  if (!version.startsWith('v1.') || minorOf(version) < minorOf(OLDEST)) {
    const number = version.slice(1)
    await out.warning(
      `Specified Kubernetes version ${number} is less than the oldest supported version: ${OLDEST}. ${defaults}`,
    )
    if (!given.bool('force')) {
      await out.step('💡', 'You can force an unsupported Kubernetes version via the --force flag')
      throw new Exit('K8S_OLD_UNSUPPORTED', `Kubernetes ${number} is not supported by this release of minikube`, 106)
    }
  }
  if (minorOf(version) > minorOf(KUBERNETES_VERSION)) {
    const number = version.slice(1)
    await out.warning(
      `Specified Kubernetes version ${number} is newer than the newest supported version: ${KUBERNETES_VERSION}. ${defaults}`,
    )
    await out.warning(`Specified Kubernetes version ${number} not found in Kubernetes version list`)
    await out.step('🤔', 'Searching the internet for Kubernetes version...')
    throw new Exit(
      'K8S_NOT_FOUND',
      'Kubernetes version not found in GitHub version list. You can force a Kubernetes version via the --force flag',
      100,
    )
  }
  if (existing && minorOf(version) < minorOf(existing.kubernetesVersion))
    throw new Exit(
      'K8S_DOWNGRADE_UNSUPPORTED',
      `Unable to safely downgrade existing Kubernetes ${existing.kubernetesVersion} cluster to ${version}`,
      106,
      `Suggestion:\n\n    1) Recreate the cluster with Kubernetes ${version.slice(1)}, by running:\n\n    minikube delete\n    minikube start --kubernetes-version=${version}`,
    )
  return version
}

export type Cni = 'bridge' | 'kindnet' | 'flannel' | 'false'

/** The Pod network: bridge on one node, kindnet on several, unless told. */
export function cniOf(call: Call, nodes: number): Cni {
  const wanted = option(call, 'cni') ?? 'auto'
  if (wanted === 'auto' || wanted === '' || wanted === 'true') return nodes > 1 ? 'kindnet' : 'bridge'
  if (wanted === 'bridge' || wanted === 'kindnet' || wanted === 'flannel' || wanted === 'false') return wanted
  if (wanted === 'calico' || wanted === 'cilium') throw new Exit('', `not simulated: minikube's CNI ${wanted}`, 14)
  throw new Exit('MK_USAGE', `Failed to set CNI: stat ${wanted}: no such file or directory`, 14)
}

export function checkRuntime(call: Call): void {
  const wanted = option(call, 'container-runtime') ?? 'auto'
  if (['auto', '', 'containerd'].includes(wanted)) return
  if (['docker', 'cri-o', 'crio'].includes(wanted))
    throw new Exit('', `not simulated: minikube's container runtime ${wanted} (containerd is)`, 14)
  throw new Exit('MK_USAGE', `Invalid Container Runtime: "${wanted}". Valid runtimes: [cri-o containerd docker]`, 14)
}

export function megabytes(text: string | undefined): number | undefined {
  const m = /^(\d+)\s*(k|m|g|mb|gb|mib|gib)?$/i.exec(text ?? '')
  if (!m) return undefined
  return /^g/i.test(m[2] ?? '') ? Number(m[1]) * 1024 : Number(m[1])
}

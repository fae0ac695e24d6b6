import { Exit } from '../command.ts'
import type { Addon } from './addon.ts'
import { dashboard } from './dashboard.ts'
import { defaultStorageClass } from './default-storageclass.ts'
import { ingress } from './ingress.ts'
import { metricsServer } from './metrics-server.ts'
import { storageProvisioner } from './storage-provisioner.ts'

/** Addons that are simulated. One line each. */
export const ADDONS: readonly Addon[] = [storageProvisioner, defaultStorageClass, metricsServer, ingress, dashboard]

/** Addons that minikube has and this one has not, with their maintainers. */
export const OTHERS: readonly (readonly [name: string, maintainer: string])[] = [
  ['ambassador', '3rd party (Ambassador)'],
  ['amd-gpu-device-plugin', '3rd party (AMD)'],
  ['auto-pause', 'minikube'],
  ['cloud-spanner', 'Google'],
  ['csi-hostpath-driver', 'Kubernetes'],
  ['efk', '3rd party (Elastic)'],
  ['freshpod', 'Google'],
  ['gcp-auth', 'Google'],
  ['gvisor', 'minikube'],
  ['headlamp', '3rd party (kinvolk.io)'],
  ['inaccel', '3rd party (InAccel [info@inaccel.com])'],
  ['ingress-dns', 'minikube'],
  ['inspektor-gadget', '3rd party (inspektor-gadget.io)'],
  ['istio', '3rd party (Istio)'],
  ['istio-provisioner', '3rd party (Istio)'],
  ['kong', '3rd party (Kong HQ)'],
  ['kubeflow', '3rd party'],
  ['kubetail', '3rd party (kubetail.com)'],
  ['kubevirt', '3rd party (KubeVirt)'],
  ['logviewer', '3rd party (unknown)'],
  ['metallb', '3rd party (MetalLB)'],
  ['nvidia-device-plugin', '3rd party (NVIDIA)'],
  ['nvidia-driver-installer', '3rd party (NVIDIA)'],
  ['nvidia-gpu-device-plugin', '3rd party (NVIDIA)'],
  ['olm', '3rd party (Operator Framework)'],
  ['pod-security-policy', '3rd party (unknown)'],
  ['portainer', '3rd party (Portainer.io)'],
  ['registry', 'minikube'],
  ['registry-aliases', '3rd party (unknown)'],
  ['registry-creds', '3rd party (UPMC Enterprises)'],
  ['storage-provisioner-rancher', '3rd party (Rancher)'],
  ['volcano', 'third-party (volcano)'],
  ['volumesnapshots', 'Kubernetes'],
  ['yakd', '3rd party (marcnuri.com)'],
]

/** The addon of a name; ends minikube when there is none. */
export function addonOf(name: string): Addon {
  const found = ADDONS.find((addon) => addon.name === name)
  if (found) return found
  if (OTHERS.some(([other]) => other === name)) throw new Exit('', `not simulated: minikube's addon ${name}`, 10)
  throw new Exit(
    'MK_ADDON_ENABLE',
    `enable failed: run callbacks: running callbacks: [${name} is not a valid addon]`,
    10,
  )
}

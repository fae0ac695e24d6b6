import { flannelObjects } from '../../sim/kubernetes/addons/system/manifests.ts'
import type { Process } from '../../sim/linux/process.ts'
import type { Call } from './command.ts'
import { KINDNET } from './kindnet.ts'
import { adminKubectl, mustOnNode } from './node-shell.ts'
import type { Profile } from './profile.ts'
import type { Cni } from './start-options.ts'

export const POD_NETWORK = '10.244.0.0/16'
const BRIDGE = `{
  "cniVersion": "0.4.0",
  "name": "bridge",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "bridge",
      "addIf": "true",
      "isDefaultGateway": true,
      "forceAddress": false,
      "ipMasq": true,
      "hairpinMode": true,
      "ipam": {
          "type": "host-local",
          "subnet": "${POD_NETWORK}"
      }
    },
    {
      "type": "portmap",
      "capabilities": {
          "portMappings": true
      }
    }
  ]
}
`

const APPLY = adminKubectl('apply -f -')

/** The Pod network that several nodes need. */
export async function applyKindnet(process: Process, profile: Profile): Promise<void> {
  await mustOnNode(process, profile.nodes[0]!.ip, APPLY, KINDNET)
}

export async function configureNetwork({ process, out }: Call, profile: Profile, cni: Cni): Promise<void> {
  if (cni === 'false') return
  if (cni === 'bridge') {
    await out.step('🔗', 'Configuring bridge CNI (Container Networking Interface) ...')
    await mustOnNode(
      process,
      profile.nodes[0]!.ip,
      'sudo mkdir -p /etc/cni/net.d && sudo tee /etc/cni/net.d/1-k8s.conflist',
      BRIDGE,
    )
    return
  }
  const what = cni === 'flannel' ? 'Flannel' : 'CNI'
  await out.step('🔗', `Configuring ${what} (Container Networking Interface) ...`)
  if (cni === 'kindnet') return applyKindnet(process, profile)
  const items = flannelObjects(POD_NETWORK).map(([, object]) => object)
  await mustOnNode(process, profile.nodes[0]!.ip, APPLY, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
}

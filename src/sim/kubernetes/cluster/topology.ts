/** One node of a cluster to boot. */
export interface NodeTopology {
  name: string
  ip: string
  labels?: Record<string, string>
  /** Given by the node IPAM controller when absent. */
  podCIDR?: string
  taints?: readonly { key: string; value?: string; effect: string }[]
  capacity?: Record<string, string>
  /** No kernel, engine or processes: for clusters of very many nodes. */
  thin?: boolean
  /** Images on its disk from the start. */
  images?: readonly string[]
  /** Where the control plane lives: its API endpoint listens here. */
  controlPlane?: boolean
}

export interface ClusterTopology {
  /** Empty for a cluster in the making: its nodes come by `join`, with what kubeadm has prepared on them. */
  nodes: readonly NodeTopology[]
  /** The LAN the nodes are on. */
  gateway: string
  podCIDR: string
  /**
   * Pods in kube-system (and kube-flannel), as kubeadm makes a cluster. Without, the control plane, kube-proxy, DNS and the
   * Pod network are there all the same, as processes of the nodes.
   */
  systemPods: boolean
  /** Where the API server is reached; the control plane's node and 6443 unless told. */
  apiServer?: { address: string; port: number }
}

const CONTROL_PLANE_LABELS = {
  'node-role.kubernetes.io/control-plane': '',
  'node.kubernetes.io/exclude-from-external-load-balancers': '',
}

const base = { podCIDR: '10.10.0.0/16', systemPods: true }

const master: NodeTopology = {
  name: 'master',
  ip: '192.168.10.210',
  labels: CONTROL_PLANE_LABELS,
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
  controlPlane: true,
}

const worker = (name: string, ip: string): NodeTopology => ({ name, ip })

/** The clusters a world can begin with; minikube makes its own. */
export const CLUSTER_TOPOLOGIES = {
  'two-node': { ...base, gateway: '192.168.10.1', nodes: [master, worker('worker', '192.168.10.220')] },
  'three-node': {
    ...base,
    gateway: '192.168.10.1',
    nodes: [master, worker('worker', '192.168.10.220'), worker('worker2', '192.168.10.230')],
  },
} as const satisfies Record<string, ClusterTopology>

/** The cluster that the recordings were made on: two nodes whose control plane, DNS and network are no Pods. */
export const RECORDED_CLUSTER: ClusterTopology = { ...CLUSTER_TOPOLOGIES['two-node'], systemPods: false }

/** A control plane's worth of nothing but paper: `count` nodes without kernels, for benchmarks. */
export function thinTopology(count: number): ClusterTopology {
  const nodes = Array.from(
    { length: count },
    (_, i): NodeTopology => ({
      name: `node-${String(i + 1).padStart(4, '0')}`,
      ip: `172.16.${i >> 8}.${i & 255}`,
      thin: true,
      capacity: { cpu: '32', memory: '268435456Ki', pods: '110' },
    }),
  )
  return { ...base, systemPods: false, gateway: '172.16.255.254', nodes }
}

import { quantityValue } from '../../../api/quantity.ts'
import { conditions, created, families, type KindFamilies, labelsOf, named, oneOf, resources } from '../family.ts'

type Plain = Record<string, any>

const ROLE = 'node-role.kubernetes.io/'
const CLAIM_PHASES = ['Lost', 'Bound', 'Pending']
const VOLUME_PHASES = ['Pending', 'Available', 'Bound', 'Released', 'Failed']

export const cluster: readonly KindFamilies[] = [
  {
    path: '/api/v1/nodes',
    families: families('kube_node', named('node'), {
      created,
      labels: labelsOf,
      info: (o) => {
        const info = o.status?.nodeInfo ?? {}
        return [
          [
            {
              kernel_version: info.kernelVersion ?? '',
              os_image: info.osImage ?? '',
              container_runtime_version: info.containerRuntimeVersion ?? '',
              kubelet_version: info.kubeletVersion ?? '',
              kubeproxy_version: info.kubeProxyVersion ?? '',
              provider_id: o.spec.providerID ?? '',
              pod_cidr: o.spec.podCIDR ?? '',
              system_uuid: info.systemUUID ?? '',
              internal_ip: o.status?.addresses?.find((a: Plain) => a.type === 'InternalIP')?.address ?? '',
            },
            1,
          ],
        ]
      },
      role: (o) =>
        Object.keys(o.metadata.labels ?? {}).flatMap((name) =>
          name.startsWith(ROLE) ? [[{ role: name.slice(ROLE.length) }, 1] as const] : [],
        ),
      spec_unschedulable: (o) => Number(o.spec.unschedulable === true),
      spec_taint: (o) =>
        ((o.spec.taints ?? []) as Plain[]).map(
          (t) => [{ key: t.key, value: t.value ?? '', effect: t.effect }, 1] as const,
        ),
      status_condition: conditions,
      status_capacity: (o) => resources(o.status?.capacity),
      status_allocatable: (o) => resources(o.status?.allocatable),
    }),
  },
  {
    path: '/api/v1/namespaces',
    families: families('kube_namespace', named('namespace'), {
      created,
      labels: labelsOf,
      status_phase: (o) => oneOf('phase', ['Active', 'Terminating'], o.status?.phase),
    }),
  },
  {
    path: '/api/v1/services',
    families: families('kube_service', named('service'), {
      created,
      labels: labelsOf,
      info: (o) => [
        [{ cluster_ip: o.spec.clusterIP ?? '', external_name: o.spec.externalName ?? '', load_balancer_ip: '' }, 1],
      ],
      spec_type: (o) => [[{ type: o.spec.type ?? 'ClusterIP' }, 1]],
    }),
  },
  {
    path: '/api/v1/endpoints',
    families: families('kube_endpoint', named('endpoint'), {
      created,
      labels: labelsOf,
      info: () => 1,
      address_available: (o) => count(o.subsets, 'addresses'),
      address_not_ready: (o) => count(o.subsets, 'notReadyAddresses'),
    }),
  },
  {
    path: '/api/v1/persistentvolumeclaims',
    families: families('kube_persistentvolumeclaim', named('persistentvolumeclaim'), {
      labels: labelsOf,
      info: (o) => [[{ storageclass: o.spec.storageClassName ?? '', volumename: o.spec.volumeName ?? '' }, 1]],
      status_phase: (o) => oneOf('phase', CLAIM_PHASES, o.status?.phase),
      resource_requests_storage_bytes: (o) => quantityValue(o.spec.resources?.requests?.storage),
      access_mode: (o) => ((o.spec.accessModes ?? []) as string[]).map((mode) => [{ access_mode: mode }, 1] as const),
    }),
  },
  {
    path: '/api/v1/persistentvolumes',
    families: families('kube_persistentvolume', named('persistentvolume'), {
      labels: labelsOf,
      info: (o) => [[{ storageclass: o.spec.storageClassName ?? '' }, 1]],
      status_phase: (o) => oneOf('phase', VOLUME_PHASES, o.status?.phase),
      capacity_bytes: (o) => quantityValue(o.spec.capacity?.storage),
      claim_ref: (o) =>
        o.spec.claimRef ? [[{ name: o.spec.claimRef.name, claim_namespace: o.spec.claimRef.namespace }, 1]] : [],
    }),
  },
  {
    path: '/api/v1/configmaps',
    families: families('kube_configmap', named('configmap'), { created, info: () => 1 }),
  },
  {
    path: '/api/v1/secrets',
    families: families('kube_secret', named('secret'), {
      created,
      info: () => 1,
      type: (o) => [[{ type: o.type ?? 'Opaque' }, 1]],
    }),
  },
  {
    path: '/api/v1/resourcequotas',
    families: families('kube', named('resourcequota'), {
      resourcequota: (o) => [...quota(o.status?.hard, 'hard'), ...quota(o.status?.used, 'used')],
    }),
  },
  {
    path: '/apis/networking.k8s.io/v1/ingresses',
    families: families('kube_ingress', named('ingress'), {
      created,
      labels: labelsOf,
      info: () => 1,
      path: (o) =>
        ((o.spec.rules ?? []) as Plain[]).flatMap((rule) =>
          ((rule.http?.paths ?? []) as Plain[]).map(
            (p) =>
              [
                {
                  host: rule.host ?? '',
                  path: p.path ?? '',
                  service_name: p.backend?.service?.name ?? '',
                  service_port: p.backend?.service?.port?.number ?? '',
                },
                1,
              ] as const,
          ),
        ),
    }),
  },
  {
    path: '/apis/storage.k8s.io/v1/storageclasses',
    families: families('kube_storageclass', named('storageclass'), {
      created,
      info: (o) => [
        [
          {
            provisioner: o.provisioner,
            reclaim_policy: o.reclaimPolicy ?? 'Delete',
            volume_binding_mode: o.volumeBindingMode ?? 'Immediate',
          },
          1,
        ],
      ],
    }),
  },
]

const count = (subsets: Plain[] | undefined, field: string) =>
  (subsets ?? []).reduce((sum, s) => sum + (s[field]?.length ?? 0) * (s.ports?.length ?? 1), 0)

const quota = (list: Record<string, string> | undefined, type: string) =>
  Object.entries(list ?? {}).map(([resource, value]) => [{ resource, type }, quantityValue(value)] as const)

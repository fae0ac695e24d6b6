import type { Process, Program } from '../../../linux/process.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { klog } from '../klog.ts'
import { PodApi, PodApiError } from '../pod-api.ts'

export const HOSTPATH_PROVISIONER = 'k8s.io/minikube-hostpath'
/** On the node's own disk; the Pod has it mounted at the same path. */
const FOLDER = '/tmp/hostpath-provisioner'
const ANNOTATIONS = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner']

/** minikube's storage-provisioner: a folder of the node for every claim of its class. */
export function storageProvisioner(server: ApiServer): Program {
  return async (process) => {
    const { waiting } = process.machine.world
    const stopped = defer<number>(waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    let changed = defer<void>(waiting)
    const touch = () => changed.resolve()
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'storage-provisioner')
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await klog(process, 'F', `main.go:39] error getting server version: ${error.message}`)
      return 255
    }
    await klog(process, 'I', 'storage_provisioner.go:141] Storage provisioner initialized, now starting service!')
    const { objects: claims } = await api.watch('/api/v1/persistentvolumeclaims', touch)
    const { objects: volumes } = await api.watch('/api/v1/persistentvolumes', touch)
    const work = async () => {
      for (;;) {
        changed = defer<void>(waiting)
        for (const claim of [...claims.values()]) if (isWanted(claim, volumes)) await provision(process, api, claim)
        for (const volume of [...volumes.values()]) if (isReleased(volume)) await release(process, api, volume)
        await Promise.race([changed.promise, process.sleep(3_600_000)])
        await process.sleep(50)
      }
    }
    work().catch((error) => stopped.reject(error))
    return stopped.promise
  }
}

const isWanted = ({ metadata, spec }: KubeObject, volumes: ReadonlyMap<string, KubeObject>): boolean =>
  !spec.volumeName &&
  !metadata.deletionTimestamp &&
  ANNOTATIONS.some((key) => metadata.annotations?.[key] === HOSTPATH_PROVISIONER) &&
  !volumes.has(`/pvc-${metadata.uid}`)

const isReleased = ({ metadata, spec, status }: KubeObject): boolean =>
  status?.phase === 'Released' &&
  spec.persistentVolumeReclaimPolicy === 'Delete' &&
  !metadata.deletionTimestamp &&
  metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === HOSTPATH_PROVISIONER

async function provision(process: Process, api: PodApi, claim: KubeObject): Promise<void> {
  const { namespace = '', name, uid, resourceVersion } = claim.metadata
  const path = `${FOLDER}/${namespace}/${name}`
  process.files.mkdir(path, { parents: true })
  process.files.chmod(path, 0o777)
  await tolerate(
    api.request('POST', '/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: {
        name: `pvc-${uid}`,
        annotations: {
          hostPathProvisionerIdentity: '3d1c0f6a-7f0e-4f2b-9d4e-5f0c7a1b2c3d',
          'pv.kubernetes.io/provisioned-by': HOSTPATH_PROVISIONER,
        },
      },
      spec: {
        accessModes: claim.spec.accessModes,
        capacity: { storage: claim.spec.resources.requests.storage },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion },
        hostPath: { path, type: '' },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: claim.spec.storageClassName,
        volumeMode: 'Filesystem',
      },
    }),
  )
  await klog(
    process,
    'I',
    `controller.go:1442] provision "${namespace}/${name}" class "standard": volume "pvc-${uid}" provisioned`,
  )
}

async function release(process: Process, api: PodApi, volume: KubeObject): Promise<void> {
  const path: string = volume.spec.hostPath?.path ?? ''
  if (path.startsWith(`${FOLDER}/`) && process.files.exists(path)) removeAll(process, path)
  await tolerate(api.request('DELETE', `/api/v1/persistentvolumes/${volume.metadata.name}`))
}

function removeAll(process: Process, path: string): void {
  for (const { name, type } of process.files.list(path)) {
    if (type === 'directory') removeAll(process, `${path}/${name}`)
    else process.files.unlink(`${path}/${name}`)
  }
  process.files.rmdir(path)
}

/** Somebody else was quicker: the next change tells. */
async function tolerate(request: Promise<unknown>): Promise<void> {
  try {
    await request
  } catch (error) {
    if (!(error instanceof PodApiError)) throw error
  }
}

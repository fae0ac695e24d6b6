import { SystemError } from '../../../linux/errors.ts'
import type { Process, Program } from '../../../linux/process.ts'
import { rfc3339 } from '../../../time/date.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { klog } from '../klog.ts'
import { PodApi } from '../pod-api.ts'

/** Where the image expects the export to be mounted. */
const ROOT = '/persistentvolumes'
const ANNOTATIONS = ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner']
const STORAGE = '/apis/storage.k8s.io/v1/storageclasses'

/** nfs-subdir-external-provisioner: a directory of an NFS export for every claim of its classes. */
export function nfsProvisioner(server: ApiServer): Program {
  return async (process) => {
    const setting = (name: string) => process.env.get(name) ?? ''
    for (const name of ['NFS_SERVER', 'NFS_PATH', 'PROVISIONER_NAME']) {
      if (setting(name)) continue
      await klog(process, 'F', `provisioner.go:${name === 'NFS_SERVER' ? 188 : 192}] ${name} not set`)
      return 255
    }
    let provisioner: Provisioner
    try {
      const api = await PodApi.open(process, server, 'nfs-subdir-external-provisioner')
      provisioner = new Provisioner(process, api, {
        name: setting('PROVISIONER_NAME'),
        server: setting('NFS_SERVER'),
        path: setting('NFS_PATH'),
      })
      await klog(process, 'I', `controller.go:820] Starting provisioner controller ${setting('PROVISIONER_NAME')}!`)
      return await provisioner.run()
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await klog(process, 'F', `provisioner.go:203] ${error.message}`)
      return 255
    }
  }
}

class Provisioner {
  readonly #process: Process
  readonly #api: PodApi
  readonly #export: { name: string; server: string; path: string }
  /** Part of the name its events come from. */
  readonly #identity: string
  /** Claims and volumes whose work failed, with the words, so that they are told once. */
  readonly #failed = new Map<string, string>()

  constructor(process: Process, api: PodApi, exported: { name: string; server: string; path: string }) {
    this.#process = process
    this.#api = api
    this.#export = exported
    this.#identity = process.random.uuid()
  }

  async run(): Promise<number> {
    const { waiting } = this.#process.machine.world
    const stopped = defer<number>(waiting)
    this.#process.on('SIGTERM', () => stopped.resolve(0))
    let changed = defer<void>(waiting)
    const touch = () => changed.resolve()
    const { objects: claims } = await this.#api.watch('/api/v1/persistentvolumeclaims', touch)
    const { objects: volumes } = await this.#api.watch('/api/v1/persistentvolumes', touch)
    await klog(this.#process, 'I', `controller.go:869] Started provisioner controller ${this.#export.name}!`)
    const work = async () => {
      for (;;) {
        changed = defer<void>(waiting)
        for (const claim of [...claims.values()]) if (this.#isWanted(claim, volumes)) await this.#provision(claim)
        for (const volume of [...volumes.values()]) if (this.#isReleased(volume)) await this.#release(volume)
        // What failed is tried again, as its back-off would.
        await Promise.race([changed.promise, this.#process.sleep(this.#failed.size > 0 ? 15_000 : 3_600_000)])
        await this.#process.sleep(50)
      }
    }
    work().catch((error) => stopped.reject(error))
    return stopped.promise
  }

  #isWanted(claim: KubeObject, volumes: ReadonlyMap<string, KubeObject>): boolean {
    const { annotations = {}, deletionTimestamp, uid } = claim.metadata
    return (
      !claim.spec.volumeName &&
      !deletionTimestamp &&
      ANNOTATIONS.some((key) => annotations[key] === this.#export.name) &&
      !volumes.has(`/pvc-${uid}`)
    )
  }

  #isReleased(volume: KubeObject): boolean {
    return (
      volume.status?.phase === 'Released' &&
      volume.spec.persistentVolumeReclaimPolicy === 'Delete' &&
      !volume.metadata.deletionTimestamp &&
      volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] === this.#export.name
    )
  }

  async #provision(claim: KubeObject): Promise<void> {
    const { namespace = '', name, uid } = claim.metadata
    const key = `${namespace}/${name}`
    if (!this.#failed.has(key))
      await this.#event(
        claim,
        'Normal',
        'Provisioning',
        `External provisioner is provisioning volume for claim ${JSON.stringify(key)}`,
      )
    const volumeName = `pvc-${uid}`
    const directory = `${namespace}-${name}-${volumeName}`
    try {
      const storageClass = await this.#api.request('GET', `${STORAGE}/${claim.spec.storageClassName}`)
      const { files } = this.#process
      const pattern: string | undefined = storageClass.parameters?.pathPattern
      const folder = pattern ? expand(pattern, claim) : directory
      files.mkdir(`${ROOT}/${folder}`, { parents: true })
      files.chmod(`${ROOT}/${folder}`, 0o777)
      await this.#api.request('POST', '/api/v1/persistentvolumes', {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: volumeName, annotations: { 'pv.kubernetes.io/provisioned-by': this.#export.name } },
        spec: {
          accessModes: claim.spec.accessModes,
          capacity: { storage: claim.spec.resources.requests.storage },
          claimRef: {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            name,
            namespace,
            uid,
            resourceVersion: claim.metadata.resourceVersion,
          },
          ...(storageClass.mountOptions ? { mountOptions: storageClass.mountOptions } : {}),
          nfs: { server: this.#export.server, path: `${this.#export.path.replace(/\/+$/, '')}/${folder}` },
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
          storageClassName: claim.spec.storageClassName,
          volumeMode: 'Filesystem',
        },
      })
      this.#failed.delete(key)
      await this.#event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeName}`)
    } catch (error) {
      const words = this.#fail(error)
      if (this.#failed.get(key) === words) return
      this.#failed.set(key, words)
      const text = `failed to provision volume with StorageClass ${JSON.stringify(claim.spec.storageClassName)}: ${words}`
      await klog(this.#process, 'E', `controller.go:957] error syncing claim ${JSON.stringify(uid)}: ${text}`)
      await this.#event(claim, 'Warning', 'ProvisioningFailed', text)
    }
  }

  /** `onDelete` decides; without it `archiveOnDelete`, which is true unless it says otherwise. */
  async #release(volume: KubeObject): Promise<void> {
    const { name } = volume.metadata
    const { files } = this.#process
    const folder: string = volume.spec.nfs.path.slice(this.#export.path.replace(/\/+$/, '').length + 1)
    const path = `${ROOT}/${folder}`
    try {
      const { parameters = {} } = await this.#api.request('GET', `${STORAGE}/${volume.spec.storageClassName}`)
      const keep = parameters.onDelete === 'retain'
      const drop = parameters.onDelete === 'delete' || (!parameters.onDelete && parameters.archiveOnDelete === 'false')
      if (!files.exists(path))
        await klog(this.#process, 'W', `provisioner.go:128] path ${path} does not exist, deletion skipped`)
      else if (drop) files.removeTree(path)
      else if (!keep) {
        await klog(this.#process, 'I', `provisioner.go:164] archiving path ${path} to ${ROOT}/archived-${folder}`)
        files.rename(path, `${ROOT}/archived-${folder}`)
      }
      await this.#api.request('DELETE', `/api/v1/persistentvolumes/${name}`)
      this.#failed.delete(name)
    } catch (error) {
      const words = this.#fail(error)
      if (this.#failed.get(name) === words) return
      this.#failed.set(name, words)
      await klog(
        this.#process,
        'E',
        `controller.go:1481] delete ${JSON.stringify(name)}: volume deletion failed: ${words}`,
      )
      await this.#event(volume, 'Warning', 'VolumeFailedDelete', words)
    }
  }

  #fail(error: unknown): string {
    if (error instanceof SystemError)
      return `unable to create directory to provision new pv: ${error.message.toLowerCase()}`
    if (!(error instanceof Error) || error.name === 'Killed') throw error
    return error.message
  }

  async #event(about: KubeObject, type: string, reason: string, message: string): Promise<void> {
    const { namespace = 'default', name, uid, resourceVersion } = about.metadata
    const at = rfc3339(this.#process.wallClock())
    const { hostname } = this.#process.system.namespaces.uts
    try {
      await this.#api.request('POST', `/api/v1/namespaces/${namespace}/events`, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${name}.${this.#process.random.hex(16)}`, namespace },
        involvedObject: {
          kind: about.kind ?? (about.spec.claimRef ? 'PersistentVolume' : 'PersistentVolumeClaim'),
          apiVersion: 'v1',
          name,
          uid,
          resourceVersion,
          ...(about.metadata.namespace ? { namespace } : {}),
        },
        type,
        reason,
        message,
        count: 1,
        firstTimestamp: at,
        lastTimestamp: at,
        source: { component: `${this.#export.name}_${hostname}_${this.#identity}` },
      })
    } catch (error) {
      this.#fail(error)
    }
  }
}

/** `${.PVC.namespace}/${.PVC.name}`, also labels and annotations. */
function expand(pattern: string, claim: KubeObject): string {
  return pattern.replace(/\$\{\.PVC\.([^}]+)\}/g, (_, path: string) => {
    const [first = '', ...rest] = path.split('.')
    const value = (claim.metadata as unknown as Record<string, any>)[first]
    return String(rest.length > 0 ? (value?.[rest.join('.')] ?? '') : (value ?? ''))
  })
}

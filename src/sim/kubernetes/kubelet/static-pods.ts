import { parseAllDocuments } from 'yaml'
import { digestOf } from '../../containers/images/sha256.ts'
import { rfc3339Micro } from '../../time/date.ts'
import { ApiError } from '../api/object.ts'
import type { NodeServices } from './node.ts'
import { HASH_ANNOTATION, MIRROR_ANNOTATION, type Pod, SOURCE_ANNOTATION } from './pod.ts'

export const MANIFESTS = '/etc/kubernetes/manifests'
const CHECK = 20_000

export interface StaticPodSink {
  /** A manifest appeared or changed. */
  add(pod: Pod): void
  /** Its mirror was made anew: the status is to be told again. */
  refresh(uid: string): void
  /** Its manifest is gone (or was replaced). */
  remove(uid: string): void
}

/** Runs the Pods whose manifests lie in a folder of the node, and shows each in the API by a mirror Pod. */
export class StaticPods {
  readonly #node: NodeServices
  readonly #sink: StaticPodSink
  /** By uid: the Pod as the manifest has it. */
  readonly #pods = new Map<string, Pod>()
  #timer: { cancel(): void } | undefined
  #unwatch: (() => void) | undefined

  constructor(node: NodeServices, sink: StaticPodSink) {
    this.#node = node
    this.#sink = sink
  }

  start(): void {
    const files = this.#node.host?.files
    if (!files) return
    files.mkdir(MANIFESTS, { parents: true })
    this.#unwatch = files.watch(MANIFESTS, () => {
      this.#timer?.cancel()
      this.#timer = this.#node.world.clock.after(100, () => this.#scan())
    })
    this.#scan()
  }

  /** Looks again soon. */
  check(): void {
    if (!this.#unwatch) return
    this.#timer?.cancel()
    this.#timer = this.#node.world.clock.after(1000, () => this.#scan())
  }

  stop(): void {
    this.#timer?.cancel()
    this.#unwatch?.()
    this.#unwatch = undefined
    this.#pods.clear()
  }

  /** The static Pod a mirror stands for. */
  byMirror(namespace: string | undefined, name: string): Pod | undefined {
    return [...this.#pods.values()].find((p) => p.metadata.name === name && p.metadata.namespace === namespace)
  }

  #scan(): void {
    this.#timer = this.#node.world.clock.after(CHECK, () => this.#scan())
    const found = new Map<string, Pod>()
    const files = this.#node.host!.files
    for (const { name, type } of files.list(MANIFESTS)) {
      if (type !== 'file' || name.startsWith('.')) continue
      const pod = this.#read(files.readText(`${MANIFESTS}/${name}`))
      if (pod) found.set(pod.metadata.uid, pod)
    }
    for (const uid of [...this.#pods.keys()]) {
      if (found.has(uid)) continue
      const gone = this.#pods.get(uid)!
      this.#pods.delete(uid)
      this.#deleteMirror(gone)
      this.#sink.remove(uid)
    }
    for (const [uid, pod] of found) {
      const known = this.#pods.get(uid)
      if (!known) {
        this.#pods.set(uid, pod)
        this.#sink.add(this.#mirror(pod) ?? pod)
      } else if (!this.#node.api.get('pods', known.metadata.namespace, known.metadata.name)) {
        this.#mirror(known)
        this.#sink.refresh(uid)
      }
    }
  }

  /** Undefined when the text is no Pod; the kubelet only logs that. */
  #read(text: string): Pod | undefined {
    const node = this.#node
    let parsed: any
    try {
      parsed = parseAllDocuments(text)[0]?.toJS()
    } catch {
      return undefined
    }
    if (parsed?.kind !== 'Pod' || !parsed.metadata?.name || !Array.isArray(parsed.spec?.containers)) return undefined
    const hash = digestOf(`${node.node.name}/${text}`).replace('sha256:', '').slice(0, 32)
    return {
      ...parsed,
      metadata: {
        ...parsed.metadata,
        name: `${parsed.metadata.name}-${node.node.name}`,
        namespace: parsed.metadata.namespace ?? 'default',
        uid: hash,
        annotations: {
          ...parsed.metadata.annotations,
          [HASH_ANNOTATION]: hash,
          [SOURCE_ANNOTATION]: 'file',
          'kubernetes.io/config.seen': seen(node),
        },
      },
      spec: {
        ...parsed.spec,
        nodeName: node.node.name,
        tolerations: [...(parsed.spec.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
      },
    } as Pod
  }

  /** Makes the mirror if it is missing or stands for an older manifest; the Pod with the server's defaults. */
  #mirror(pod: Pod): Pod | undefined {
    const { api } = this.#node
    const { name, namespace } = pod.metadata
    const hash = pod.metadata.annotations![HASH_ANNOTATION]!
    try {
      let mirror = api.get<Pod>('pods', namespace, name)
      if (mirror && mirror.metadata.annotations?.[MIRROR_ANNOTATION] !== hash) {
        this.#deleteMirror(pod)
        mirror = undefined
      }
      const owner = api.get('nodes', undefined, this.#node.node.name)
      mirror ??= api.create<Pod>('pods', {
        ...pod,
        metadata: {
          ...pod.metadata,
          uid: undefined,
          annotations: { ...pod.metadata.annotations, [MIRROR_ANNOTATION]: hash },
          ...(owner
            ? {
                ownerReferences: [
                  {
                    apiVersion: 'v1',
                    kind: 'Node',
                    name: owner.metadata.name,
                    uid: owner.metadata.uid,
                    controller: true,
                  },
                ],
              }
            : {}),
        },
      })
      return { ...mirror, metadata: { ...mirror.metadata, uid: pod.metadata.uid } }
    } catch (error) {
      // Without an API server static Pods run all the same.
      if (!(error instanceof ApiError)) throw error
      return undefined
    }
  }

  #deleteMirror({ metadata }: Pod): void {
    try {
      this.#node.api.delete('pods', metadata.namespace, metadata.name, { gracePeriodSeconds: 0 })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }
}

const seen = (node: NodeServices) => rfc3339Micro(node.wallClock()).replace(/Z$/, '000Z')

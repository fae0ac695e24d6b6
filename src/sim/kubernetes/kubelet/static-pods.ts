import { parseAllDocuments } from 'yaml'
import { digestOf } from '../../containers/images/sha256.ts'
import { rfc3339Micro } from '../../time/date.ts'
import { ApiError, type KubeObject } from '../api/object.ts'
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
  /** What each file said when it was last looked at. */
  readonly #files = new Map<string, { text: string; pod: Pod | undefined }>()
  #timer: { cancel(): void } | undefined
  #unwatch: (() => void) | undefined

  constructor(node: NodeServices, sink: StaticPodSink) {
    this.#node = node
    this.#sink = sink
  }

  /** Writes a manifest whose content needs no reading. */
  place(file: string, text: string, said: object): void {
    const { files } = this.#node.host!
    this.#files.set(file, { text, pod: staticPod(text, said, this.#node.node.name, this.#node.wallClock()) })
    files.write(`${MANIFESTS}/${file}`, text, { mode: 0o600 })
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
      const text = files.readText(`${MANIFESTS}/${name}`)
      const last = this.#files.get(name)
      const pod = last?.text === text ? last.pod : this.#read(text)
      this.#files.set(name, { text, pod })
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
    let parsed: any
    try {
      parsed = parseAllDocuments(text)[0]?.toJS()
    } catch {
      return undefined
    }
    if (parsed?.kind !== 'Pod' || !parsed.metadata?.name || !Array.isArray(parsed.spec?.containers)) return undefined
    return staticPod(text, parsed, this.#node.node.name, this.#node.wallClock())
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
      mirror ??= api.create<Pod>('pods', mirrorOf(pod, owner))
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

/** The Pod that a manifest stands for on a node. */
export function staticPod(text: string, said: any, nodeName: string, seen: number): Pod {
  const hash = digestOf(`${nodeName}/${text}`).replace('sha256:', '').slice(0, 32)
  return {
    ...said,
    metadata: {
      ...said.metadata,
      name: `${said.metadata.name}-${nodeName}`,
      namespace: said.metadata.namespace ?? 'default',
      uid: hash,
      annotations: {
        ...said.metadata.annotations,
        [HASH_ANNOTATION]: hash,
        [SOURCE_ANNOTATION]: 'file',
        'kubernetes.io/config.seen': rfc3339Micro(seen).replace(/Z$/, '000Z'),
      },
    },
    spec: {
      ...said.spec,
      nodeName,
      tolerations: [...(said.spec.tolerations ?? []), { effect: 'NoExecute', operator: 'Exists' }],
    },
  } as Pod
}

/** What shows a static Pod in the API. */
export function mirrorOf(pod: Pod, owner: KubeObject | undefined): object {
  const { metadata } = pod
  const hash = metadata.annotations![HASH_ANNOTATION]!
  const node = owner && { apiVersion: 'v1', kind: 'Node', name: owner.metadata.name, uid: owner.metadata.uid }
  return {
    ...pod,
    metadata: {
      ...metadata,
      uid: undefined,
      annotations: { ...metadata.annotations, [MIRROR_ANNOTATION]: hash },
      ...(node ? { ownerReferences: [{ ...node, controller: true }] } : {}),
    },
  }
}

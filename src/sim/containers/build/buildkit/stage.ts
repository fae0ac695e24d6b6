import { type ContainerConfig, emptyConfig, type HistoryEntry } from '../../images/config.ts'
import type { Image } from '../../images/image.ts'
import type { Layer } from '../../images/layer.ts'
import { digestOf } from '../../images/sha256.ts'
import type { StageState } from '../instructions.ts'
import type { PlannedStage } from './plan.ts'

/** A stage as far as it has come. */
export class SolvedStage implements StageState {
  readonly plan: PlannedStage
  config: ContainerConfig
  author: string | undefined
  readonly args = new Map<string, string | undefined>()
  cmdSet = false
  layers: readonly Layer[]
  history: HistoryEntry[]
  /** What the files of the stage depend on so far. */
  key: string
  ignoreCache: boolean
  #step = 0
  total = 0

  constructor(
    plan: PlannedStage,
    from: { config: ContainerConfig; layers: readonly Layer[]; history: readonly HistoryEntry[]; key: string },
    ignoreCache: boolean,
  ) {
    this.plan = plan
    this.config = structuredClone(from.config)
    this.layers = from.layers
    this.history = [...from.history]
    this.key = from.key
    this.ignoreCache = ignoreCache
  }

  /** `[build 2/5] RUN make` */
  title(text: string): string {
    const { label } = this.plan
    this.#step++
    const width = String(this.total).length
    return `[${label === '' ? '' : `${label} `}${String(this.#step).padStart(width)}/${this.total}] ${text}`
  }

  nextKey(...parts: readonly unknown[]): string {
    return digestOf(JSON.stringify([this.key, ...parts]))
  }

  /** A step without files has no time of its own: see `datedHistory`. */
  add(key: string, layer: Layer | undefined, entry: Omit<HistoryEntry, 'created'>, created = ''): void {
    if (layer) {
      this.layers = [...this.layers, layer]
      this.key = key
    }
    this.history.push({ created, ...entry, ...(layer ? {} : { empty_layer: true }) })
  }

  /** Steps without files are as old as the layer before them; those before the first new layer as old as that. */
  datedHistory(): HistoryEntry[] {
    const first = this.history.findIndex(({ created }) => created === '')
    const anyNew = this.history.slice(Math.max(0, first)).find(({ created }) => created !== '')?.created
    let last = anyNew ?? this.history[first - 1]?.created ?? '1970-01-01T00:00:00Z'
    return this.history.map((entry, i) => {
      if (i < first || first < 0) return entry
      if (entry.created !== '') last = entry.created
      return { ...entry, created: last }
    })
  }

  environment(name: string): string | undefined {
    const line = (this.config.Env ?? []).find((each) => each.startsWith(`${name}=`))
    return line === undefined ? this.args.get(name) : line.slice(name.length + 1)
  }

  /** Build arguments that a RUN sees: `NAME=value`, sorted. */
  get argumentLines(): string[] {
    return [...this.args]
      .filter(
        ([name, value]) => value !== undefined && !(this.config.Env ?? []).some((line) => line.startsWith(`${name}=`)),
      )
      .map(([name, value]) => `${name}=${value}`)
      .sort()
  }
}

/** What a stage begins with when it is built on an image. */
export function startOf(image: Image): ConstructorParameters<typeof SolvedStage>[1] {
  const { config, history } = image.file
  return { config: emptyConfig({ ...config, Image: '' }), layers: image.layers, history, key: image.id }
}

import { type LayerDirectory, type LayerEntry, type LayerNode, makeLayer } from '../../linux/fs/layer.ts'
import { rfc3339Nano } from '../timestamp.ts'
import { type ContainerConfig, DEFAULT_PATH, emptyConfig, type HistoryEntry } from './config.ts'
import { Image } from './image.ts'
import { type Layer, namedLayer } from './layer.ts'
import { digestOf } from './sha256.ts'

/** What layers of the catalogue are made of; the world provides it from its programs. */
export interface Ingredients {
  /** A file tree with its executables: `alpine`, `busybox`, `debian`, … Empty when there is none of that name. */
  userland(name: string): LayerDirectory
  /** An executable file that runs the named program. `size` is what `ls -l` shows. */
  executable(program: string, options?: { size?: number }): LayerEntry
  /** Milliseconds since 1970 at which the images were made. */
  readonly made: number
}

export type Files = Iterable<readonly [path: string, entry: string | LayerEntry]>

interface Step {
  readonly createdBy: string
  readonly comment?: string
  readonly layer?: { name: string; size: number; tree: (ingredients: Ingredients) => LayerDirectory }
}

/** How an image of the catalogue is made: steps on a base, as a Dockerfile. Immutable; each call gives a new one. */
export class Recipe {
  readonly #steps: readonly Step[]
  readonly #config: ContainerConfig
  readonly #days: number

  private constructor(steps: readonly Step[], config: ContainerConfig, days: number) {
    this.#steps = steps
    this.#config = config
    this.#days = days
  }

  static scratch(): Recipe {
    return new Recipe([], emptyConfig({ Env: [`PATH=${DEFAULT_PATH}`] }), 14)
  }

  #with(step: Step, change: Partial<ContainerConfig> = {}): Recipe {
    return new Recipe([...this.#steps, step], emptyConfig({ ...this.#config, ...change }), this.#days)
  }

  #nop(text: string, change: Partial<ContainerConfig>): Recipe {
    return this.#with({ createdBy: `/bin/sh -c #(nop) ${text}` }, change)
  }

  /** A layer with files. `name` identifies its content for ever: equal names are the same layer. */
  layer(
    name: string,
    size: number,
    createdBy: string,
    tree: (ingredients: Ingredients) => LayerDirectory | Files,
    comment?: string,
  ): Recipe {
    const make = (ingredients: Ingredients) => {
      const made = tree(ingredients)
      return 'entries' in made && 'type' in made
        ? dated(made as LayerDirectory, ingredients.made)
        : makeLayer(made as Files, ingredients.made)
    }
    return this.#with({ createdBy, ...(comment ? { comment } : {}), layer: { name, size, tree: make } })
  }

  /** The filesystem a base image begins with. */
  base(name: string, size: number, userland: string): Recipe {
    return this.layer(name, size, `/bin/sh -c #(nop) ADD file:${digestOf(name).slice(7)} in / `, (i) =>
      i.userland(userland),
    )
  }

  /** As `docker import` leaves it. */
  imported(name: string, size: number, userland: string): Recipe {
    return this.layer(name, size, '', (i) => i.userland(userland), 'Imported from -')
  }

  run(
    name: string,
    size: number,
    command: string,
    files: (ingredients: Ingredients) => LayerDirectory | Files = () => [],
  ): Recipe {
    return this.layer(name, size, `/bin/sh -c ${command}`, files)
  }

  copy(
    name: string,
    size: number,
    to: string,
    files: (ingredients: Ingredients) => LayerDirectory | Files,
    kind = 'dir',
  ): Recipe {
    return this.layer(
      name,
      size,
      `/bin/sh -c #(nop) COPY ${kind.includes(':') ? kind : `${kind}:${digestOf(name).slice(7)}`} in ${to} `,
      files,
    )
  }

  env(name: string, value: string): Recipe {
    const others = (this.#config.Env ?? []).filter((line) => !line.startsWith(`${name}=`))
    return this.#nop(` ENV ${name}=${value}`, { Env: [...others, `${name}=${value}`] })
  }

  label(name: string, value: string): Recipe {
    return this.#nop(` LABEL ${name}=${value}`, { Labels: { ...this.#config.Labels, [name]: value } })
  }

  expose(...ports: string[]): Recipe {
    const added = Object.fromEntries(ports.map((port) => [port.includes('/') ? port : `${port}/tcp`, {}]))
    return this.#nop(` EXPOSE ${ports.join(' ')}`, { ExposedPorts: { ...this.#config.ExposedPorts, ...added } })
  }

  volume(path: string): Recipe {
    return this.#nop(` VOLUME [${path}]`, { Volumes: { ...this.#config.Volumes, [path]: {} } })
  }

  workdir(path: string): Recipe {
    return this.#nop(`WORKDIR ${path}`, { WorkingDir: path })
  }

  user(user: string): Recipe {
    return this.#nop(` USER ${user}`, { User: user })
  }

  entrypoint(...argv: string[]): Recipe {
    return this.#nop(` ENTRYPOINT ${list(argv)}`, { Entrypoint: argv, Cmd: null })
  }

  cmd(...argv: string[]): Recipe {
    return this.#nop(` CMD ${list(argv)}`, { Cmd: argv })
  }

  stopSignal(signal: string): Recipe {
    return this.#nop(` STOPSIGNAL ${signal}`, { StopSignal: signal })
  }

  /** Changes the configuration without a step of its own. */
  configure(change: Partial<ContainerConfig>): Recipe {
    return new Recipe(this.#steps, emptyConfig({ ...this.#config, ...change }), this.#days)
  }

  /** Days before the world began that it was made. */
  daysOld(days: number): Recipe {
    return new Recipe(this.#steps, this.#config, days)
  }

  /** The configuration, and what the classic builder notes of its last step's container; imports have none. */
  #builtBy(): { config: ContainerConfig; container?: string; container_config: ContainerConfig } {
    const { Env, Cmd, Labels } = this.#config
    const last = this.#steps.at(-1)?.createdBy ?? ''
    if (!last.startsWith('/bin/sh -c '))
      return { config: this.#config, container_config: emptyConfig({ Env, Cmd, Labels }) }
    const [, nop, rest] = /^\/bin\/sh -c (#\(nop\) )?\s*(.*)$/s.exec(last)!
    const texts = this.#steps.map((step) => step.createdBy)
    const container = digestOf(JSON.stringify(texts)).slice(7)
    const config = emptyConfig({ ...this.#config, Image: digestOf(JSON.stringify(texts.slice(0, -1))) })
    return {
      config,
      container,
      container_config: emptyConfig({
        ...config,
        Hostname: container.slice(0, 12),
        Cmd: ['/bin/sh', '-c', ...(nop ? [nop] : []), rest!],
        Labels: Labels ?? {},
      }),
    }
  }

  make(ingredients: Ingredients): Image {
    const created = rfc3339Nano(ingredients.made - this.#days * 86_400_000 + 123.456789)
    const layers: Layer[] = []
    const history = this.#steps.map((step): HistoryEntry => {
      if (step.layer) layers.push(shared(ingredients, step.layer))
      return {
        created,
        ...(step.createdBy === '' ? {} : { created_by: step.createdBy }),
        ...(step.comment ? { comment: step.comment } : {}),
        ...(step.layer ? {} : { empty_layer: true }),
      }
    })
    const file = {
      architecture: 'amd64',
      ...this.#builtBy(),
      created,
      docker_version: '20.10.24+dfsg1',
      history,
      os: 'linux',
    }
    return new Image(file, layers)
  }
}

/** A tree whose files were last changed at one time. */
function dated(directory: LayerDirectory, modified: number): LayerDirectory {
  const entries = new Map<string, LayerNode>()
  for (const [name, node] of directory.entries)
    entries.set(name, node.type === 'directory' ? dated(node, modified) : { ...node, modified })
  return { ...directory, entries, modified }
}

const SHARED = new WeakMap<Ingredients, Map<string, Layer>>()

function shared(ingredients: Ingredients, step: NonNullable<Step['layer']>): Layer {
  let layers = SHARED.get(ingredients)
  if (!layers) {
    layers = new Map()
    SHARED.set(ingredients, layers)
  }
  let layer = layers.get(step.name)
  if (!layer) {
    layer = namedLayer(step.name, step.size, () => step.tree(ingredients))
    layers.set(step.name, layer)
  }
  return layer
}

function list(argv: readonly string[]): string {
  return `[${argv.map((arg) => JSON.stringify(arg)).join(' ')}]`
}

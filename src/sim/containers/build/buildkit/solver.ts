import { ApiError } from '../../docker/api-error.ts'
import type { Daemon } from '../../docker/daemon.ts'
import { DEFAULT_PATH, emptyConfig, type HistoryEntry } from '../../images/config.ts'
import { Image } from '../../images/image.ts'
import { canonical, parseReference, withDefaultTag } from '../../images/reference.ts'
import { digestOf } from '../../images/sha256.ts'
import type { StoredImage } from '../../images/store.ts'
import { rfc3339Nano } from '../../timestamp.ts'
import type { BuildContext } from '../build-context.ts'
import { BuildError } from '../build-error.ts'
import type { BuildRequest } from '../build-request.ts'
import { type Instruction, instruction, substitute } from '../dockerfile.ts'
import { INSTRUCTIONS } from '../instructions.ts'
import { type BaseImage, BaseImageError, fetchBase, resolveBase } from './base-image.ts'
import { copyStep } from './copy-step.ts'
import { lint } from './lint.ts'
import { excerpt, type Plan, type PlannedStage, planBuild } from './plan.ts'
import { runStep } from './run-step.ts'
import { SolvedStage, startOf } from './stage.ts'
import { SolveError, type SolveStatus } from './status.ts'
import { Reporter } from './steps.ts'
import { Workspace } from './workspace.ts'

export interface SolveOptions extends BuildRequest {
  /** The Dockerfile's name as the user knows it. */
  dockerfileName: string
  network?: string
  /** Files that .dockerignore kept out of the context. */
  ignored: readonly string[]
  send: (status: SolveStatus) => void
}

const COMMENT = 'buildkit.dockerfile.v0'
/** Arguments that every build knows without declaring them, for Linux on amd64. */
const PLATFORM: Readonly<Record<string, string>> = {
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDARCH: 'amd64',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
}

/** BuildKit: builds the stages that the target needs, and keeps the outcome of each step. */
export class Solver {
  readonly daemon: Daemon
  readonly context: BuildContext
  readonly options: SolveOptions
  readonly reporter: Reporter
  readonly #solved = new Map<PlannedStage, SolvedStage>()
  readonly #images = new Map<string, BaseImage>()
  readonly #fetched = new Set<string>()
  #text = ''
  #plan: Plan | undefined
  #contextLoaded = false
  /** The running step, for a build that is cancelled. */
  current: Workspace | undefined
  cancelled = false

  constructor(daemon: Daemon, context: BuildContext, options: SolveOptions) {
    this.daemon = daemon
    this.context = context
    this.options = options
    this.reporter = new Reporter(options.send, () => daemon.kernel.wallClock())
  }

  cancel(): void {
    this.cancelled = true
    this.current?.kill()
  }

  /** Settles with the image. Rejects with SolveError. */
  async run(): Promise<StoredImage> {
    const { daemon, reporter, options } = this
    this.#text = await this.#readDockerfile()
    await this.#resolveSyntax()
    const plan = planBuild(this.#text, {
      filename: options.dockerfileName,
      argument: (name) => this.argument(name),
      ...(options.target ? { target: options.target } : {}),
    })
    this.#plan = plan
    const needed = this.#needed(plan.target)
    for (const stage of needed) await this.#resolve(stage)
    await this.#readIgnoreFile()
    for (const remark of lint(plan, this.#text, options.ignored)) reporter.warn(remark)
    for (const stage of needed) await this.#solve(stage)
    const image = await this.#export(this.#solved.get(plan.target)!)
    return daemon.engine.store.byId(image.id)!
  }

  // ---- arguments

  argument(name: string): string | undefined {
    return this.options.args[name]
  }

  globalArgument(name: string): string | undefined {
    return this.#plan?.globals.get(name) ?? PLATFORM[name]
  }

  // ---- before the first step

  async #readDockerfile(): Promise<string> {
    const { dockerfile, dockerfileName } = this.options
    const step = this.reporter.begin(`[internal] load build definition from ${dockerfileName}`)
    const text = this.context.text(dockerfile)
    await this.daemon.engine.delay(5, 30)
    const size = text === undefined ? 2 : text.length + dockerfileName.length + 27
    step.progress('transferring dockerfile:', { current: size })
    step.done()
    if (text === undefined)
      throw new SolveError(`failed to read dockerfile: open ${dockerfileName}: no such file or directory`)
    return text
  }

  /** `# syntax=docker/dockerfile:1` names an image that reads the Dockerfile. */
  async #resolveSyntax(): Promise<void> {
    const found = /^(?:#[^\n]*\n)*#\s*syntax\s*=\s*(\S+)/i.exec(this.#text)?.[1]
    if (!found) return
    const name = canonical(withDefaultTag(parseReference(found)))
    const step = this.reporter.begin(`resolve image config for docker-image://${name}`)
    await this.daemon.engine.delay(400, 1100)
    if (!/^docker\.io\/docker\/dockerfile(?::|$|-)/.test(name)) {
      step.fail(`not simulated: # syntax=${found}`)
      throw new SolveError(`not simulated: # syntax=${found}`)
    }
    step.done()
    this.reporter.begin(`docker-image://${name}@${digestOf(name)}`).cached()
  }

  async #readIgnoreFile(): Promise<void> {
    const step = this.reporter.begin('[internal] load .dockerignore')
    const own = this.context.text('.dockerignore')
    await this.daemon.engine.delay(4, 25)
    step.progress('transferring context:', { current: own === undefined ? 2 : own.length + 40 })
    step.done()
  }

  /** The stages a stage needs, those first that others wait for. */
  #needed(target: PlannedStage): PlannedStage[] {
    const out: PlannedStage[] = []
    const visit = (stage: PlannedStage) => {
      if (out.includes(stage)) return
      for (const other of this.#dependencies(stage)) visit(other)
      out.push(stage)
    }
    visit(target)
    return out
  }

  #dependencies(stage: PlannedStage): PlannedStage[] {
    const names = [stage.base, ...stage.steps.flatMap((step) => (step.flags.from ? [step.flags.from] : []))]
    return names.flatMap((name) => this.earlier(stage, name) ?? [])
  }

  /** A stage above, by name (or, for `--from`, by number). */
  earlier(stage: PlannedStage, name: string): PlannedStage | undefined {
    return this.#plan!.stages.slice(0, stage.index).find(
      (other) => other.name === name.toLowerCase() || (String(other.index) === name && name !== stage.base),
    )
  }

  async #resolve(stage: PlannedStage): Promise<void> {
    const from = [
      { name: stage.base, at: stage.from },
      ...stage.steps.flatMap((step) =>
        step.flags.from ? [{ name: substitute(step.flags.from, (key) => this.globalArgument(key)), at: step }] : [],
      ),
    ]
    for (const { name, at } of from) {
      if (name === 'scratch' || this.earlier(stage, name) || this.#images.has(name)) continue
      try {
        this.#images.set(name, await resolveBase(this.daemon, this.reporter, name, this.options))
      } catch (error) {
        if (error instanceof BaseImageError) throw this.#at(error.whole, at)
        throw error
      }
    }
  }

  // ---- stages

  async #solve(planned: PlannedStage): Promise<void> {
    const stage = await this.#begin(planned)
    this.#solved.set(planned, stage)
    for (const step of this.#withTriggers(stage)) {
      if (this.cancelled) throw new SolveError('Canceled: context canceled')
      try {
        await this.#perform(stage, step)
      } catch (error) {
        if (error instanceof SolveError && error.source === undefined) throw this.#at(error.message, step)
        if (error instanceof BuildError || error instanceof ApiError) throw this.#at(error.message, step)
        throw error
      }
    }
  }

  async #begin(planned: PlannedStage): Promise<SolvedStage> {
    const { noCache } = this.options
    const base = this.earlier(planned, planned.base)
    if (base) {
      const solved = this.#solved.get(base)!
      const stage = new SolvedStage(planned, solved, noCache)
      stage.total = countSteps(planned.steps)
      return stage
    }
    if (planned.base === 'scratch') {
      const empty = { config: emptyConfig({ Env: [`PATH=${DEFAULT_PATH}`] }), layers: [], history: [], key: 'scratch' }
      const stage = new SolvedStage(planned, empty, noCache)
      stage.total = countSteps(planned.steps)
      return stage
    }
    const image = this.#images.get(planned.base)!
    const stage = new SolvedStage(planned, startOf(image.image), noCache)
    stage.total = 1 + countSteps(planned.steps) + (image.image.file.config.OnBuild?.length ?? 0)
    await fetchBase(this.daemon, this.reporter, stage.title(`FROM ${image.title}`), image)
    this.#fetched.add(planned.base)
    return stage
  }

  #withTriggers(stage: SolvedStage): Instruction[] {
    const triggers = stage.config.OnBuild ?? []
    stage.config.OnBuild = null
    const { from, steps } = stage.plan
    return [...triggers.map((text) => ({ ...instruction(text, from.line), end: from.line })), ...steps]
  }

  async #perform(stage: SolvedStage, step: Instruction): Promise<void> {
    if (step.name === 'RUN') return runStep(this, stage, step)
    if (step.name === 'COPY' || step.name === 'ADD') return copyStep(this, stage, step, step.name)
    const change = INSTRUCTIONS[step.name]
    if (!change) throw new SolveError(`not simulated: ${step.name}`)
    const { label, folder } = change(this, stage, step)
    if (step.name === 'CMD') stage.config.ArgsEscaped = true
    const ports = label
      .trim()
      .split(' ')
      .slice(1)
      .map((port) => `${port.includes('/') ? port : `${port}/tcp`}:{}`)
    const entry = this.entry(step.name === 'EXPOSE' ? `EXPOSE map[${ports.sort().join(' ')}]` : label.trim())
    if (folder === undefined || folder === '/') stage.add(stage.key, undefined, entry)
    else await this.#workdir(stage, step, folder, entry)
  }

  async #workdir(
    stage: SolvedStage,
    step: Instruction,
    folder: string,
    entry: Omit<HistoryEntry, 'created'>,
  ): Promise<void> {
    const title = stage.title(substitute(step.text, (name) => stage.environment(name)))
    const key = stage.nextKey('WORKDIR', folder, stage.config.User)
    await this.layer(stage, title, key, entry, (workspace) => {
      if (!workspace.files.exists(folder)) workspace.files.mkdir(folder, { parents: true, mode: 0o755 })
      return this.daemon.engine.delay(10, 60)
    })
  }

  /** One step that makes a layer: from the cache, or by the work. */
  async layer(
    stage: SolvedStage,
    title: string,
    key: string,
    entry: Omit<HistoryEntry, 'created'>,
    work: (workspace: Workspace, log: (data: string) => void) => Promise<void>,
    makeWorkspace: () => Workspace = () => new Workspace(this.daemon, stage.layers),
  ): Promise<void> {
    const { buildCache } = this.daemon
    const step = this.reporter.begin(title)
    const known = stage.ignoreCache ? undefined : buildCache.use(key)
    if (known) {
      step.cached()
      stage.add(key, known.layer, entry, rfc3339Nano(known.createdAt))
      return
    }
    const workspace = makeWorkspace()
    this.current = workspace
    try {
      await work(workspace, (data) => {
        step.log(data)
        // A terminal shows output only while the step runs, and this must not be missed.
        for (const [remark] of data.matchAll(/not simulated: .*/g)) this.reporter.warn(remark)
      })
      if (this.cancelled) throw new SolveError('Canceled: context canceled')
      const layer = workspace.layer()
      buildCache.keep(key, { type: 'regular', description: title.replace(/^\[[^\]]*\] /, ''), size: layer.size, layer })
      step.done()
      stage.add(key, layer, entry, rfc3339Nano(this.daemon.kernel.wallClock()))
    } catch (error) {
      if (error instanceof BuildError || error instanceof ApiError || error instanceof SolveError)
        step.fail(error.message)
      throw error
    } finally {
      this.current = undefined
      workspace.close()
    }
  }

  entry(created_by: string): Omit<HistoryEntry, 'created'> {
    return { created_by, comment: COMMENT }
  }

  /** The build context is sent when the first step asks for it. */
  async loadContext(): Promise<void> {
    if (this.#contextLoaded) return
    this.#contextLoaded = true
    const { known } = this.daemon.buildCache
    const step = this.reporter.begin('[internal] load build context')
    let size = 0
    for (const { name, sum, bytes } of this.context.sums()) {
      size += name.length + 24 + (known.has(sum) ? 0 : bytes)
      known.add(sum)
    }
    const started = this.daemon.kernel.wallClock()
    await this.daemon.engine.sleep(8 + size / 200_000)
    step.progress('transferring context:', { current: Math.max(2, size), started })
    step.done()
  }

  /** Layers of another stage or of an image, for `--from`. */
  async source(stage: SolvedStage, name: string): Promise<{ layers: SolvedStage['layers']; key: string }> {
    const other = this.earlier(stage.plan, name)
    if (other) return this.#solved.get(other)!
    const image = this.#images.get(name)
    if (!image) throw new SolveError(`failed to parse stage name ${JSON.stringify(name)}: invalid reference format`)
    if (!this.#fetched.has(name)) {
      this.#fetched.add(name)
      await fetchBase(this.daemon, this.reporter, `FROM ${image.title}`, image)
    }
    return { layers: image.image.layers, key: image.image.id }
  }

  #at(message: string, at: Instruction): SolveError {
    return new SolveError(message, excerpt(this.options.dockerfileName, this.#text, at))
  }

  async #export(stage: SolvedStage): Promise<Image> {
    const { engine, kernel } = this.daemon
    const { labels, tags } = this.options
    const step = this.reporter.begin('exporting to image')
    const started = kernel.wallClock()
    await engine.delay(10, 60)
    step.progress('exporting layers', { started })
    const Labels = Object.keys(labels).length > 0 ? { ...stage.config.Labels, ...labels } : stage.config.Labels
    const history = stage.datedHistory()
    const image = new Image(
      {
        architecture: 'amd64',
        ...(stage.author ? { author: stage.author } : {}),
        config: emptyConfig({ ...stage.config, Labels }),
        created: history.at(-1)?.created ?? rfc3339Nano(kernel.wallClock()),
        history,
        os: 'linux',
      },
      stage.layers,
    )
    engine.addImage(image)
    step.progress(`writing image ${image.id}`)
    for (const tag of tags) {
      const reference = withDefaultTag(parseReference(tag))
      engine.store.name(image.id, reference, kernel.wallClock())
      step.progress(`naming to ${canonical(reference)}`)
    }
    step.done()
    return image
  }
}

const countSteps = (steps: readonly Instruction[]) =>
  steps.filter(({ name }) => ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(name)).length

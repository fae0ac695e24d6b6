import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { InvalidReference, parseReference, withDefaultTag } from '../images/reference.ts'
import { RegistryError } from '../images/registry.ts'
import type { StoredImage } from '../images/store.ts'
import { type BuildContext, FilesSource } from './build-context.ts'
import { BuildError } from './build-error.ts'
import type { BuildRequest } from './build-request.ts'
import { type CopyRequest, placeFiles, takeSources } from './copy.ts'
import { type Instruction, instruction, jsonForm, parseDockerfile, substitute, words } from './dockerfile.ts'
import { INSTRUCTIONS } from './instructions.ts'
import { Stage } from './stage.ts'

export interface BuildOptions extends BuildRequest {
  remove: boolean
  print: (text: string) => void
  /** Progress of a pull, line by line. */
  pullImage: (text: string) => Promise<StoredImage>
  /** Words for a registry's refusal. */
  refusal: (error: RegistryError, text: string) => Error
}

const short = (id: string) => id.replace(/^sha256:/, '').slice(0, 12)
/** Arguments that every build knows without declaring them. */
const PREDEFINED = new Set([
  'HTTP_PROXY',
  'http_proxy',
  'HTTPS_PROXY',
  'https_proxy',
  'FTP_PROXY',
  'ftp_proxy',
  'NO_PROXY',
  'no_proxy',
  'ALL_PROXY',
  'all_proxy',
])

/** The classic builder: one container and one image for each step. */
export class Builder {
  readonly daemon: Daemon
  readonly context: BuildContext
  readonly options: BuildOptions
  readonly #steps: Instruction[]
  readonly #stages: Stage[] = []
  readonly #globals = new Map<string, string | undefined>()
  readonly #used = new Set<string>()

  /** Throws ApiError when the Dockerfile cannot be read. */
  constructor(daemon: Daemon, context: BuildContext, options: BuildOptions) {
    this.daemon = daemon
    this.context = context
    this.options = options
    const source = context.text(options.dockerfile)
    if (source === undefined) throw new ApiError(500, `Cannot locate specified Dockerfile: ${options.dockerfile}`)
    const steps = parseDockerfile(source, options.dockerfile)
    for (const step of steps) {
      if (step.name === 'FROM') break
      if (step.name !== 'ARG') throw new ApiError(400, 'no build stage in current context')
    }
    if (!steps.some((step) => step.name === 'FROM')) throw new ApiError(400, 'no build stage in current context')
    this.#steps = this.#untilTarget(steps)
    for (const [name, value] of Object.entries(options.labels))
      this.#steps.push(
        instruction(`LABEL ${JSON.stringify(name)}=${JSON.stringify(value)}`.replace(/"([\w.-]+)"/g, '$1'), 0),
      )
  }

  #untilTarget(steps: Instruction[]): Instruction[] {
    const { target } = this.options
    if (!target) return steps
    const froms = steps.flatMap((step, i) => (step.name === 'FROM' ? [i] : []))
    const wanted = froms.findIndex(
      (at, i) =>
        String(i) === target || / as (\S+)$/i.exec(steps[at]!.rest)?.[1]?.toLowerCase() === target.toLowerCase(),
    )
    if (wanted < 0) throw new ApiError(400, `failed to reach build target ${target} in Dockerfile`)
    return steps.slice(0, froms[wanted + 1] ?? steps.length)
  }

  /** Settles with the image that was built. Rejects with BuildError. */
  async run(): Promise<StoredImage> {
    const { print } = this.options
    for (const [i, step] of this.#steps.entries()) {
      print(`Step ${i + 1}/${this.#steps.length} : ${step.text}\n`)
      if (step.name === 'FROM') await this.#from(step)
      else if (this.#stages.length === 0) this.#globalArg(step)
      else await this.perform(this.stage, step)
    }
    const image = this.#stages.at(-1)?.image
    if (!image) throw new BuildError('No image was generated. Is your Dockerfile empty?')
    const unused = Object.keys(this.options.args).filter((name) => !this.#used.has(name) && !PREDEFINED.has(name))
    if (unused.length > 0) print(`[Warning] One or more build-args [${unused.sort().join(' ')}] were not consumed\n`)
    print(`Successfully built ${short(image.id)}\n`)
    for (const tag of this.options.tags) {
      const reference = withDefaultTag(parseReference(tag))
      this.daemon.engine.store.name(image.id, reference, this.daemon.kernel.wallClock())
      print(`Successfully tagged ${tag.slice(tag.lastIndexOf('/') + 1).includes(':') ? tag : `${tag}:latest`}\n`)
    }
    return image
  }

  get stage(): Stage {
    return this.#stages.at(-1)!
  }

  #globalArg(step: Instruction): void {
    for (const word of words(step.rest)) {
      const [name = '', fallback] = word.split(/=(.*)/s)
      this.#globals.set(
        name,
        this.argument(name) ??
          (fallback === undefined ? undefined : substitute(fallback, (key) => this.#globals.get(key))),
      )
    }
  }

  /** The value of `--build-arg`. */
  argument(name: string): string | undefined {
    if (!(name in this.options.args)) return undefined
    this.#used.add(name)
    return this.options.args[name]
  }

  globalArgument(name: string): string | undefined {
    return this.#globals.get(name)
  }

  async #from(step: Instruction): Promise<void> {
    const rest = substitute(step.rest, (name) => this.#globals.get(name))
    const [base = '', as, name, ...more] = rest.split(/\s+/)
    if (more.length > 0 || (as !== undefined && (as.toLowerCase() !== 'as' || name === undefined)))
      throw new ApiError(400, `dockerfile parse error line ${step.line}: FROM requires either one or three arguments`)
    if (base === '') throw new BuildError(`base name (${step.rest}) should not be blank`)
    const image = base === 'scratch' ? undefined : await this.#base(base)
    this.#stages.push(
      new Stage(this.daemon, image, { ...(name ? { name: name.toLowerCase() } : {}), noCache: this.options.noCache }),
    )
    this.options.print(image ? ` ---> ${short(image.id)}\n` : ' ---> \n')
    const triggers = image?.image.file.config.OnBuild ?? []
    if (triggers.length === 0) return
    this.options.print(`# Executing ${triggers.length} build trigger${triggers.length === 1 ? '' : 's'}\n`)
    this.stage.config.OnBuild = null
    for (const trigger of triggers) await this.perform(this.stage, instruction(trigger, step.line))
  }

  async #base(name: string): Promise<StoredImage> {
    const stage = this.#stages.find((candidate) => candidate.name === name.toLowerCase())
    if (stage?.image) return stage.image
    const local = this.daemon.engine.store.find(name)
    if (local && !this.options.pull) return local
    try {
      return await this.options.pullImage(name)
    } catch (error) {
      if (error instanceof RegistryError) throw new BuildError(this.options.refusal(error, name).message)
      if (error instanceof InvalidReference) throw new BuildError(error.message)
      throw error
    }
  }

  async perform(stage: Stage, step: Instruction): Promise<void> {
    if (step.name === 'RUN') return this.#run(stage, step)
    if (step.name === 'COPY' || step.name === 'ADD') return this.#copy(stage, step, step.name)
    const change = INSTRUCTIONS[step.name]
    if (!change) throw new BuildError(`not simulated: ${step.name}`)
    const before = structuredClone(stage.config)
    const { label, folder } = change(this, stage, step)
    const cmd = ['/bin/sh', '-c', `#(nop) ${label}`]
    if (this.#useCache(stage, cmd)) return
    void before
    const container = stage.container(cmd)
    if (!folder || stage.files(container).exists(folder)) {
      this.options.print(` ---> Running in ${short(container.id)}\n`)
      stage.commit(cmd, undefined, container.id)
    } else {
      this.options.print(` ---> Running in ${short(container.id)}\n`)
      stage.files(container).mkdir(folder, { parents: true, mode: 0o755 })
      stage.commit(cmd, container, container.id)
    }
    this.#finish(stage, container, true)
  }

  #useCache(stage: Stage, cmd: readonly string[]): boolean {
    const cached = stage.cached(cmd)
    if (!cached) return false
    this.options.print(' ---> Using cache\n')
    stage.image = cached
    this.options.print(` ---> ${short(cached.id)}\n`)
    return true
  }

  #finish(stage: Stage, container: DockerContainer, ran: boolean): void {
    if (this.options.remove) {
      if (ran) this.options.print(`Removing intermediate container ${short(container.id)}\n`)
      this.daemon.remove(container, { force: true, volumes: true })
    }
    this.options.print(` ---> ${short(stage.id)}\n`)
  }

  async #run(stage: Stage, step: Instruction): Promise<void> {
    const shell = stage.config.Shell ?? ['/bin/sh', '-c']
    const argv = jsonForm(step.rest) ?? [...shell, step.rest]
    const args = [...stage.args]
      .filter(
        ([name, value]) => value !== undefined && !(stage.config.Env ?? []).some((line) => line.startsWith(`${name}=`)),
      )
      .map(([name, value]) => `${name}=${value}`)
      .sort()
    const cmd = args.length > 0 ? [`|${args.length}`, ...args, ...argv] : argv
    if (this.#useCache(stage, cmd)) return
    const saved = stage.config
    stage.config = { ...saved, Env: [...(saved.Env ?? []), ...args] }
    const container = stage.container(argv)
    stage.config = saved
    this.options.print(` ---> Running in ${short(container.id)}\n`)
    const decoder = new TextDecoder()
    const write = (bytes: Uint8Array) => this.options.print(decoder.decode(bytes, { stream: true }))
    container.runtime.attach({ stdout: { write }, stderr: { write } })
    const ended = new Promise<number>((resolve) => container.runtime.onExit(resolve))
    try {
      await this.daemon.start(container)
    } catch (error) {
      if (error instanceof ApiError) throw new BuildError(error.message)
      throw error
    }
    const code = await ended
    if (code !== 0) {
      const shown = argv.join(' ')
      throw new BuildError(`The command '${shown}' returned a non-zero code: ${code}`, code)
    }
    stage.commit(cmd, container, container.id)
    this.#finish(stage, container, true)
  }

  #copy(stage: Stage, step: Instruction, kind: 'ADD' | 'COPY'): void {
    const expanded = substitute(step.rest, (name) => stage.environment(name))
    const list = jsonForm(expanded) ?? words(expanded)
    if (list.length < 2)
      throw new BuildError(
        `${kind} requires at least two arguments, but only one was provided. Destination could not be determined.`,
      )
    const target = list.at(-1)!
    const absolute = target.startsWith('/')
      ? target
      : `${stage.config.WorkingDir.replace(/\/$/, '')}/${target === '.' ? '' : target.replace(/^\.\//, '')}`
    const { from: fromName, chown, chmod } = step.flags
    const temporary: DockerContainer[] = []
    const from = fromName === undefined ? this.context : this.#other(fromName, temporary)
    const request: CopyRequest = {
      kind,
      sources: list.slice(0, -1),
      target: absolute || '/',
      from,
      fromStage: fromName !== undefined,
      ...(chown ? { chown } : {}),
      ...(chmod ? { chmod } : {}),
    }
    try {
      const { taken, label } = takeSources(request)
      const owner = chown ? `--chown=${chown} ` : ''
      const cmd = ['/bin/sh', '-c', `#(nop) ${kind} ${owner}${label} in ${absolute || '/'} `]
      if (this.#useCache(stage, cmd)) return
      const container = stage.container(cmd)
      placeFiles(stage.files(container), request, taken)
      stage.commit(cmd, container, container.id)
      this.#finish(stage, container, false)
    } finally {
      for (const container of temporary) this.daemon.remove(container, { force: true, volumes: true })
    }
  }

  /** Files of another stage, by name or number, or of an image. */
  #other(name: string, temporary: DockerContainer[]): FilesSource {
    const stage = this.#stages
      .slice(0, -1)
      .find((candidate, i) => candidate.name === name.toLowerCase() || String(i) === name)
    const image = stage?.image ?? this.daemon.engine.store.find(name)
    if (!image)
      throw new BuildError(
        `invalid from flag value ${name}: pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      )
    const other = new Stage(this.daemon, image, { noCache: true })
    const container = other.container(['/bin/true'])
    temporary.push(container)
    return new FilesSource(other.files(container))
  }
}

import type { Process } from '../../sim/linux/process.ts'
import { Klog } from './client/klog.ts'
import { RestClient } from './client/rest-client.ts'
import type { Command } from './command.ts'
import { RestMapper } from './discovery/mapper.ts'
import { UsageError } from './errors/errors.ts'
import type { FlagValues } from './flags/values.ts'
import { type ClientConfig, clientConfig } from './kubeconfig/client-config.ts'

/** One call of kubectl: what it was told, and what it needs to work. */
export class Session {
  readonly process: Process
  readonly command: Command
  /** `kubectl create deployment` */
  readonly path: string
  readonly flags: FlagValues
  readonly args: readonly string[]
  /** How many arguments stood before `--`; -1 without it. */
  readonly dashAt: number
  readonly klog: Klog
  #config: ClientConfig | undefined
  #client: RestClient | undefined
  #mapper: RestMapper | undefined

  constructor(process: Process, command: Command, path: string, parsed: Pick<Session, 'args' | 'dashAt' | 'flags'>) {
    this.process = process
    this.command = command
    this.path = path
    this.flags = parsed.flags
    this.args = parsed.args
    this.dashAt = parsed.dashAt
    this.klog = new Klog(process, parsed.flags.int('v'))
  }

  /** A session for another command of the same call, with other arguments. */
  with(args: readonly string[]): Session {
    const other = new Session(this.process, this.command, this.path, { args, dashAt: -1, flags: this.flags })
    other.#config = this.#config
    other.#client = this.#client
    other.#mapper = this.#mapper
    return other
  }

  get config(): ClientConfig {
    // `create rolebinding --user` is not the kubeconfig's --user.
    const own = (this.command.flags ?? []).map((flag) => flag.name)
    this.#config ??= clientConfig(this.process, this.flags.without(own))
    return this.#config
  }

  get client(): RestClient {
    this.#client ??= new RestClient(this.process, this.config, this.klog)
    return this.#client
  }

  /** The client, if the call has used one. */
  get usedClient(): RestClient | undefined {
    return this.#client
  }

  get mapper(): RestMapper {
    if (!this.#mapper) {
      this.#mapper = new RestMapper(this.client)
      this.#mapper.onAmbiguous = (text) => this.printError(`Warning: ${text}\n`)
    }
    return this.#mapper
  }

  get namespace(): string {
    return this.config.namespace
  }

  print(text: string): Promise<void> {
    return this.process.print(text)
  }

  printError(text: string): Promise<void> {
    return this.process.printError(text)
  }

  usageError(message: string): UsageError {
    return new UsageError(`${message}\nSee '${this.path} -h' for help and examples`)
  }

  /** Wall clock: ms since 1970. */
  now(): number {
    return this.process.wallClock()
  }
}

import type { Kernel } from '../../linux/kernel.ts'
import { rfc3339 } from '../../time/date.ts'
import type { Random } from '../../time/random.ts'
import { ApiError } from './api-error.ts'
import type { Events } from './events.ts'

export interface Volume {
  Name: string
  Driver: string
  Mountpoint: string
  CreatedAt: string
  Labels: Record<string, string> | null
  Scope: 'local'
  Options: Record<string, string> | null
}

/** Folders below /var/lib/docker/volumes that outlive containers. */
export class Volumes {
  readonly #kernel: Kernel
  readonly #random: Random
  readonly #events: Events
  readonly #volumes = new Map<string, Volume & { anonymous: boolean }>()
  /** Containers that use a volume, by its name. */
  users: (name: string) => string[] = () => []

  constructor(kernel: Kernel, random: Random, events: Events) {
    this.#kernel = kernel
    this.#random = random
    this.#events = events
  }

  list(): (Volume & { anonymous: boolean })[] {
    return [...this.#volumes.values()].sort((a, b) => (a.Name < b.Name ? -1 : 1))
  }

  find(name: string): (Volume & { anonymous: boolean }) | undefined {
    return this.#volumes.get(name)
  }

  get(name: string): Volume & { anonymous: boolean } {
    const volume = this.#volumes.get(name)
    if (!volume) throw new ApiError(404, `get ${name}: no such volume`)
    return volume
  }

  /** Finds or makes a volume; without a name an anonymous one. */
  create(
    name: string | undefined,
    options: { driver?: string; labels?: Record<string, string> | null; options?: Record<string, string> | null } = {},
  ): Volume {
    const real = name || this.#random.hex(64)
    const known = this.#volumes.get(real)
    if (known) return known
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(real)) {
      if (real.length === 1)
        throw new ApiError(
          400,
          `create ${real}: volume name is too short, names should be at least two alphanumeric characters`,
        )
      throw new ApiError(
        400,
        `create ${real}: ${JSON.stringify(real)} includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
      )
    }
    const driver = options.driver || 'local'
    if (driver !== 'local')
      throw new ApiError(404, `create ${real}: error looking up volume plugin ${driver}: plugin "${driver}" not found`)
    const Mountpoint = `/var/lib/docker/volumes/${real}/_data`
    this.#kernel.makeDirectory(Mountpoint)
    const volume = {
      Name: real,
      Driver: driver,
      Mountpoint,
      CreatedAt: rfc3339(this.#kernel.wallClock()),
      Labels: options.labels ?? (name ? {} : null),
      Scope: 'local' as const,
      Options: options.options ?? (name ? {} : null),
      anonymous: !name,
    }
    this.#volumes.set(real, volume)
    this.#events.emit('volume', 'create', real, { driver })
    return volume
  }

  remove(name: string, force = false): void {
    const volume = this.#volumes.get(name)
    if (!volume) {
      if (force) return
      throw new ApiError(404, `get ${name}: no such volume`)
    }
    const users = this.users(name)
    if (users.length > 0) throw new ApiError(409, `remove ${name}: volume is in use - [${users.join(', ')}]`)
    this.#volumes.delete(name)
    this.#kernel.files.removeTree(`/var/lib/docker/volumes/${name}`)
    this.#events.emit('volume', 'destroy', name, { driver: 'local' })
  }
}

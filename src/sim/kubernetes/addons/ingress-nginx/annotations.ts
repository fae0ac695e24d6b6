import type { KubeObject } from '../../api/object.ts'

const PREFIX = 'nginx.ingress.kubernetes.io/'

/** Annotations that are simulated; of any other the controller's log says so. */
const KNOWN = new Set(
  'app-root backend-protocol force-ssl-redirect load-balance permanent-redirect permanent-redirect-code proxy-body-size proxy-connect-timeout proxy-read-timeout proxy-send-timeout rewrite-target server-alias ssl-redirect temporal-redirect upstream-hash-by upstream-vhost use-regex whitelist-source-range allowlist-source-range denylist-source-range x-forwarded-prefix'.split(
    ' ',
  ),
)

export class Annotations {
  readonly #values: ReadonlyMap<string, string>
  readonly #settings: Readonly<Record<string, string>>

  /** `settings`: the data of the controller's ConfigMap, which an annotation of the same name outweighs. */
  constructor(ingress: KubeObject, settings: Readonly<Record<string, string>>) {
    const all = Object.entries((ingress.metadata.annotations ?? {}) as Record<string, string>)
    this.#values = new Map(
      all.flatMap(([key, value]) => (key.startsWith(PREFIX) ? [[key.slice(PREFIX.length), value] as const] : [])),
    )
    this.#settings = settings
  }

  get(name: string): string | undefined {
    return this.#values.get(name) ?? this.#settings[name]
  }

  flag(name: string, initial: boolean): boolean {
    const value = this.get(name)
    return value === undefined ? initial : value === 'true'
  }

  get unknown(): string[] {
    return [...this.#values.keys()].filter((name) => !KNOWN.has(name)).map((name) => PREFIX + name)
  }
}

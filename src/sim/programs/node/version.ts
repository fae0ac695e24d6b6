/** A release of Node.js. */
export interface Release {
  readonly version: string
  readonly major: number
  readonly npm: string
  /** The name of a long-term line. */
  readonly lts?: string
  readonly v8: string
}

const LINES: Readonly<Record<number, Omit<Release, 'version' | 'major'>>> = {
  18: { npm: '10.8.2', lts: 'Hydrogen', v8: '10.2.154.26-node.39' },
  20: { npm: '10.8.2', lts: 'Iron', v8: '11.3.244.8-node.33' },
  22: { npm: '10.9.4', lts: 'Jod', v8: '12.4.254.21-node.33' },
  24: { npm: '11.6.2', lts: 'Krypton', v8: '13.6.233.10-node.28' },
}

/** The release of an image, by its NODE_VERSION; a machine's own is Debian's. */
export function releaseOf(env: ReadonlyMap<string, string>): Release {
  const version = env.get('NODE_VERSION') ?? '20.20.2'
  const major = Number.parseInt(version, 10)
  return { version, major, ...(LINES[major] ?? LINES[24]!) }
}

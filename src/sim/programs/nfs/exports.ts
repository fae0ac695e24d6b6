import { inCidr, parseAddress, parseCidr } from '../../linux/net/ipv4.ts'

/** One directory for one set of clients. */
export interface Export {
  path: string
  /** `*`, an address, a network, a name or a pattern of names. */
  client: string
  options: ReadonlySet<string>
}

/** The table of what is exported now, as exportfs(8) keeps it. */
export const ETAB = '/var/lib/nfs/etab'

/** exports(5). Throws an Error with exportfs's words. */
export function parseExports(text: string): Export[] {
  const exports: Export[] = []
  for (const line of text.replace(/\\\n/g, ' ').split('\n')) {
    const [path, ...clients] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (!path) continue
    for (const word of clients.length > 0 ? clients : ['*']) {
      const m = /^([^(]*)(?:\(([^)]*)\))?$/.exec(word)
      if (!m) throw new Error(`/etc/exports: syntax error: bad option list`)
      const options = (m[2] ?? '').split(',').filter(Boolean)
      const unknown = options.find((option) => !KNOWN.test(option))
      if (unknown) throw new Error(`/etc/exports:1: unknown keyword ${JSON.stringify(unknown)}`)
      exports.push({ path: path.replace(/(.)\/+$/, '$1'), client: m[1] || '*', options: new Set(options) })
    }
  }
  return exports
}

const KNOWN =
  /^(rw|ro|sync|async|(no_)?subtree_check|(no_)?root_squash|(no_)?all_squash|(in)?secure|(no_)?wdelay|(no)?hide|crossmnt|(in)?secure_locks|no_auth_nlm|auth_nlm|(no_)?acl|(anonuid|anongid)=\d+|fsid=.+|sec=.+|mountpoint(=.+)?|mp(=.+)?|no_pnfs|pnfs)$/

export const formatExports = (exports: readonly Export[]): string =>
  exports.map(({ path, client, options }) => `${path}\t${client}(${[...options].join(',')})\n`).join('')

/** The export that covers a path for a client; among several the longest path. */
export function findExport(exports: readonly Export[], path: string, client: string): Export | undefined {
  return exports
    .filter(
      (e) => (path === e.path || path.startsWith(e.path === '/' ? '/' : `${e.path}/`)) && admits(e.client, client),
    )
    .sort((a, b) => b.path.length - a.path.length)[0]
}

function admits(pattern: string, client: string): boolean {
  if (pattern === '*') return true
  const address = parseAddress(client)
  const network = pattern.includes('/') ? parseCidr(pattern) : undefined
  if (network && address !== undefined) return inCidr(address, network)
  return pattern === client
}

/** What `exportfs -v` shows in brackets. */
export function shownOptions({ options }: Export): string {
  const has = (name: string) => options.has(name)
  return [
    has('async') ? 'async' : 'sync',
    has('no_wdelay') ? 'no_wdelay' : 'wdelay',
    has('nohide') ? 'nohide' : 'hide',
    ...(has('crossmnt') ? ['crossmnt'] : []),
    ...(has('subtree_check') ? [] : ['no_subtree_check']),
    ...[...options].filter((o) => /^(anonuid|anongid|fsid)=/.test(o)),
    'sec=sys',
    has('rw') ? 'rw' : 'ro',
    has('insecure') ? 'insecure' : 'secure',
    has('no_root_squash') ? 'no_root_squash' : 'root_squash',
    has('all_squash') ? 'all_squash' : 'no_all_squash',
  ].join(',')
}

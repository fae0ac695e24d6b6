import { parseRfc3339 } from '../../sim/time/date.ts'
import { flags } from '../docker/cli/flag.ts'
import { alignTable } from '../docker/format/table.ts'
import { adminApi } from './api.ts'
import { authorityHash } from './certificates.ts'
import { COMMON, type Command, KubeadmError } from './command.ts'
import { newToken, SECRETS, storeToken, TOKEN_FORMAT, tokens } from './tokens.ts'

const DAY = 86_400_000
const TOKEN_FLAGS = flags`
      --dry-run             Whether to enable dry-run mode or not
      --kubeconfig string   The kubeconfig file to use when talking to the cluster. (default "/etc/kubernetes/admin.conf")
`

const create: Command = {
  name: 'token create',
  summary: 'Create bootstrap tokens on the server',
  flags: [
    ...COMMON,
    ...TOKEN_FLAGS,
    ...flags`
      --description string    A human friendly description of how this token is used.
      --groups strings        Extra groups that this token will authenticate as when used for authentication.
      --print-join-command    Instead of printing only the token, print the full 'kubeadm join' flag needed to join the cluster using the token.
      --ttl duration          The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire (default 24h0m0s)
      --usages strings        Describes the ways in which this token can be used. (default [signing,authentication])
`,
  ],
  async run({ process, flags: given, args, say }) {
    const token = args[0] ?? newToken(process.random)
    if (!TOKEN_FORMAT.test(token))
      throw new KubeadmError(
        `the bootstrap token "${token}" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
      )
    const api = adminApi(process, given.string('kubeconfig'))
    if (args[0] !== undefined && (await api.get(`${SECRETS}/bootstrap-token-${token.slice(0, 6)}`)))
      throw new KubeadmError(`a token with id "${token.slice(0, 6)}" already exists`)
    const usages = given.list('usages')
    const groups = given.list('groups')
    await storeToken(api, token, {
      now: process.wallClock(),
      ttl: given.duration('ttl') ?? DAY,
      ...(given.string('description') ? { description: given.string('description')! } : {}),
      ...(usages.length > 0 ? { usages } : {}),
      ...(groups.length > 0 ? { groups: groups.join(',') } : {}),
    })
    if (!given.bool('print-join-command')) {
      await say(token)
      return 0
    }
    const info = await api.get('/api/v1/namespaces/kube-public/configmaps/cluster-info')
    const kubeconfig: string = info?.data?.kubeconfig ?? ''
    const endpoint = /server: https:\/\/(\S+)/.exec(kubeconfig)?.[1] ?? ''
    const hash = authorityHash(atob(/certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1] ?? ''))
    await say(`kubeadm join ${endpoint} --token ${token} --discovery-token-ca-cert-hash ${hash} `)
    return 0
  },
}

const list: Command = {
  name: 'token list',
  summary: 'List bootstrap tokens on the server',
  flags: [...COMMON, ...TOKEN_FLAGS],
  async run({ process, flags: given }) {
    const found = await tokens(adminApi(process, given.string('kubeconfig')))
    if (found.length === 0) return 0
    const now = process.wallClock()
    const rows = found.map(({ id, secret, expiration, usages, description, groups }) => {
      const left = expiration === undefined ? undefined : parseRfc3339(expiration) - now
      const ttl = left === undefined ? '<forever>' : left <= 0 ? '<invalid>' : duration(left)
      return [
        `${id}.${secret}`,
        ttl,
        expiration ?? '<never>',
        usages.join(',') || '<none>',
        description || '<none>',
        groups || '<none>',
      ].join('\t')
    })
    await process.print(
      alignTable(['TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS', ...rows], 0).replaceAll(/ +$/gm, ''),
    )
    return 0
  },
}

/** duration.ShortHumanDuration */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

const remove: Command = {
  name: 'token delete',
  summary: 'Delete bootstrap tokens on the server',
  flags: [...COMMON, ...TOKEN_FLAGS],
  async run({ process, flags: given, args, say }) {
    if (args.length === 0)
      throw new KubeadmError('missing argument; \'token delete\' is missing token of form ["^([a-z0-9]{6})$"]')
    const api = adminApi(process, given.string('kubeconfig'))
    for (const arg of args) {
      const id = arg.slice(0, 6)
      const { status } = await api.call('DELETE', `${SECRETS}/bootstrap-token-${id}`)
      if (status >= 400)
        throw new KubeadmError(`failed to delete bootstrap token "${id}": secrets "bootstrap-token-${id}" not found`)
      await say(`bootstrap token "${id}" deleted`)
    }
    return 0
  },
}

const generate: Command = {
  name: 'token generate',
  summary: 'Generate and print a bootstrap token, but do not create it on the server',
  flags: [...COMMON, ...TOKEN_FLAGS],
  async run({ process, say }) {
    await say(newToken(process.random))
    return 0
  },
}

export const TOKEN_COMMANDS: readonly Command[] = [create, remove, generate, list]

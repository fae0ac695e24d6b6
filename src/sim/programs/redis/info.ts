import type { ServerState } from './server-state.ts'

const human = (bytes: number) =>
  bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(2)}K` : `${(bytes / 1024 / 1024).toFixed(2)}M`

function usedMemory(state: ServerState): number {
  let bytes = 860_000
  for (const db of state.databases)
    for (const key of db.keys()) {
      const value = db.get(key)!.value
      bytes += 64 + key.length
      if (value.type === 'string') bytes += value.text.length
    }
  return bytes
}

type Section = (state: ServerState) => [string, string | number][]

const SECTIONS: Record<string, Section> = {
  Server: (s) => {
    const seconds = Math.floor((s.process.wallClock() - s.startedAt) / 1000)
    return [
      ['redis_version', versionOf(s)],
      ['redis_mode', 'standalone'],
      ['os', `Linux ${s.process.machine.kernelRelease} x86_64`],
      ['arch_bits', 64],
      ['process_id', s.process.pid],
      ['run_id', s.runId],
      ['tcp_port', s.config.get('port')],
      ['uptime_in_seconds', seconds],
      ['uptime_in_days', Math.floor(seconds / 86_400)],
      ['hz', 10],
      ['executable', '/data/redis-server'],
      ['config_file', s.config.file],
    ]
  },
  Clients: (s) => [
    ['connected_clients', s.clients.size],
    ['maxclients', s.config.get('maxclients')],
    ['blocked_clients', 0],
  ],
  Memory: (s) => {
    const used = usedMemory(s)
    const limit = Number(s.config.get('maxmemory'))
    return [
      ['used_memory', used],
      ['used_memory_human', human(used)],
      ['used_memory_rss', used * 8],
      ['maxmemory', limit],
      ['maxmemory_human', limit === 0 ? '0B' : human(limit)],
      ['maxmemory_policy', s.config.get('maxmemory-policy')],
      ['mem_allocator', 'jemalloc-5.3.0'],
    ]
  },
  Persistence: (s) => [
    ['loading', 0],
    ['rdb_changes_since_last_save', s.dirty],
    ['rdb_bgsave_in_progress', 0],
    ['rdb_last_save_time', s.lastSave],
    ['rdb_last_bgsave_status', 'ok'],
    ['aof_enabled', s.config.get('appendonly') === 'yes' ? 1 : 0],
  ],
  Stats: (s) => [
    ['total_connections_received', s.connections],
    ['total_commands_processed', s.commands],
    ['instantaneous_ops_per_sec', 0],
  ],
  Replication: (s) => {
    const rows: [string, string | number][] = [['role', s.primary ? 'slave' : 'master']]
    if (s.primary)
      rows.push(
        ['master_host', s.primary.host],
        ['master_port', s.primary.port],
        ['master_link_status', s.primary.linkUp ? 'up' : 'down'],
        ['master_last_io_seconds_ago', s.primary.linkUp ? 1 : -1],
        ['master_sync_in_progress', 0],
        ['slave_read_repl_offset', s.replicationOffset],
        ['slave_repl_offset', s.replicationOffset],
        ['slave_priority', 100],
        ['slave_read_only', 1],
        ['replica_announced', 1],
      )
    rows.push(['connected_slaves', s.replicas.size])
    ;[...s.replicas.values()].forEach((r, i) => {
      rows.push([`slave${i}`, `ip=${r.address},port=${r.port},state=online,offset=${s.replicationOffset},lag=0`])
    })
    const active = s.replicationOffset > 0 || s.replicas.size > 0
    rows.push(
      ['master_failover_state', 'no-failover'],
      ['master_replid', s.runId],
      ['master_replid2', '0'.repeat(40)],
      ['master_repl_offset', s.replicationOffset],
      ['second_repl_offset', -1],
      ['repl_backlog_active', active ? 1 : 0],
      ['repl_backlog_size', 1_048_576],
      ['repl_backlog_first_byte_offset', active ? 1 : 0],
      ['repl_backlog_histlen', s.replicationOffset],
    )
    return rows
  },
  CPU: () => [
    ['used_cpu_sys', '0.010000'],
    ['used_cpu_user', '0.010000'],
  ],
  Cluster: () => [['cluster_enabled', 0]],
  Keyspace: (s) =>
    s.databases.flatMap((db, i): [string, string][] => {
      const keys = db.keys()
      if (keys.length === 0) return []
      const expiring = keys.filter((k) => db.get(k)!.expires !== undefined).length
      return [[`db${i}`, `keys=${keys.length},expires=${expiring},avg_ttl=0`]]
    }),
}

export const versionOf = (state: { process: { env: ReadonlyMap<string, string> } }) =>
  state.process.env.get('REDIS_VERSION') || '7.0.15'

/** The INFO text; all sections unless some are named. */
export function info(state: ServerState, wanted: readonly string[]): string {
  const names = wanted.map((w) => w.toLowerCase()).filter((w) => w !== 'all' && w !== 'default' && w !== 'everything')
  return Object.entries(SECTIONS)
    .filter(([name]) => names.length === 0 || names.includes(name.toLowerCase()))
    .map(
      ([name, rows]) =>
        `# ${name}\r\n${rows(state)
          .map(([k, v]) => `${k}:${v}\r\n`)
          .join('')}`,
    )
    .join('\r\n')
}

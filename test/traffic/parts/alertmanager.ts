import { beforeAll, describe, expect, test } from 'vitest'
import { begin, type Traffic } from '../world.ts'

const CONFIG = `route:
  receiver: hook
  group_by: [alertname]
  group_wait: 10s
  group_interval: 1m
  repeat_interval: 10m
  routes:
  - {receiver: calm, matchers: ['team = "calm"']}
receivers:
- {name: hook, webhook_configs: [{url: 'http://172.17.0.2:5001/'}]}
- {name: calm, webhook_configs: [{url: 'http://172.17.0.2:5001/', send_resolved: false}]}
inhibit_rules:
- source_matchers: [severity = critical]
  target_matchers: [severity = warning]
  equal: [cluster]
`
/** Whoever asks gets a 200; the bodies are the log. */
const HOOK = `log_format body escape=none '$request_body';
server { listen 5001; location / { proxy_pass http://127.0.0.1:5002; access_log /dev/stdout body; } }
server { listen 5002; location / { access_log off; return 200; } }
`

describe('Alertmanager', () => {
  let t: Traffic
  const AM = 'docker exec am amtool --alertmanager.url=http://localhost:9093'
  const add = (labels: string, end = '') => t.run(`${AM} alert add ${labels} ${end}`)
  /** What the receiver hears within so many seconds: `firing 1 2-` where 2 has ended. */
  const hears = async (seconds: number) => {
    const log = await t.run(`sleep ${seconds}; docker logs --since ${seconds}s hook | grep groupKey`)
    return log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .map(({ status, groupKey, alerts }) => {
        const each = alerts.map((a: any) => a.labels.n + (a.status === 'firing' ? '' : '-')).sort()
        return `${groupKey} ${status} ${each.join(' ')}`
      })
      .sort()
  }
  beforeAll(async () => {
    t = await begin('docker')
    await t.run(`cat > am.yml <<'X'\n${CONFIG}X\ncat > hook.conf <<'X'\n${HOOK}X
docker run -d --name hook -v $PWD/hook.conf:/etc/nginx/conf.d/default.conf nginx:alpine
docker run -d --name am -v $PWD/am.yml:/etc/alertmanager/alertmanager.yml prom/alertmanager; sleep 2`)
  })

  test('alerts of one group come together, new ones and ended ones once each, all of them again after a while', async () => {
    await add('alertname=A n=1')
    await add('alertname=A n=2', '--end=2026-11-21T08:01:30Z')
    await add('alertname=B n=3 team=calm', '--end=2026-11-21T08:01:30Z')
    expect(await hears(15)).toEqual(['{}/{team="calm"}:{alertname="B"} firing 3', '{}:{alertname="A"} firing 1 2'])
    await add('alertname=A n=4', '--end=2026-11-21T09:00:00Z')
    // The one that ended is told of, but not to who does not want to hear of it.
    expect(await hears(60)).toEqual(['{}:{alertname="A"} firing 1 2- 4'])
    expect(await hears(240)).toEqual(['{}:{alertname="A"} firing 1- 4'])
    expect(await hears(300)).toEqual([])
    expect(await hears(300)).toEqual(['{}:{alertname="A"} firing 4'])
    await add('alertname=A n=4', '--end=2026-11-21T08:15:00Z')
    expect(await hears(65)).toEqual(['{}:{alertname="A"} resolved 4-'])
  })

  test('a silence and a worse alert keep it from the receiver, and only for their time', async () => {
    const ends = '--end=2026-11-21T10:00:00Z'
    expect(await t.run(`${AM} silence add n=5`)).toBe('amtool: error: comment required by config\n\n')
    const id = (await t.run(`${AM} silence add n=~'[56]' -d 5m -a me -c later`)).trim()
    await add('alertname=C n=5', ends)
    await add('alertname=C n=6 severity=critical cluster=x', ends)
    await add('alertname=C n=7 severity=warning cluster=x', ends)
    await add('alertname=C n=8 severity=warning cluster=y', ends)
    expect(await hears(15)).toEqual(['{}:{alertname="C"} firing 8'])
    expect(await t.run(`${AM} alert --silenced --inhibited`)).toMatch(
      /^Alertname +Starts At +Summary +State +\n(C +2026-11-21 08:\S+ UTC +suppressed +\n){3}$/,
    )
    expect(await t.run(`${AM} silence query`)).toMatch(
      new RegExp(`^ID .*\\n${id}  n=~"\\[56\\]"  2026-11-21 08:\\S+ UTC  me +later +\\n$`),
    )
    await t.run(`${AM} silence expire ${id}`)
    expect(await hears(60)).toEqual(['{}:{alertname="C"} firing 5 6 8'])
    await add('alertname=C n=6 severity=critical cluster=x', '--end=2026-11-21T08:00:00Z')
    expect(await hears(60)).toEqual(['{}:{alertname="C"} firing 5 6- 7 8'])
  })

  test('a receiver that is away hears of it when it is back; a wrong configuration is not taken', async () => {
    await t.run('docker stop hook')
    await add('alertname=D n=9', '--end=2026-11-21T10:00:00Z')
    await t.run('sleep 30')
    expect(await t.run('docker logs --since 35s am')).toContain('Notify attempt failed, will retry later')
    await t.run('docker start hook')
    expect(await hears(20)).toEqual(['{}:{alertname="D"} firing 9'])
    await t.run(`sed 's/receiver: calm/receiver: gone/' am.yml > new; cat new > am.yml`)
    expect(await t.run('docker exec am amtool check-config /etc/alertmanager/alertmanager.yml')).toMatch(
      /^Checking .* FAILED: undefined receiver "gone" used in route\n\namtool: error: failed to validate 1 file\(s\)\n\n$/,
    )
    const reload = 'docker exec am wget -qO- --post-data= http://localhost:9093/-/reload'
    expect(await t.run(reload)).toContain('500 Internal Server Error')
    await t.run(`sed 's/receiver: gone/receiver: hook/' new > am.yml; ${reload}`)
    expect(await t.run(`${AM} config routes`)).toBe(
      'Routing tree:\n.\n└── default-route  receiver: hook\n    └── {team="calm"}  receiver: hook\n',
    )
    expect(await t.run(`${AM} config routes test team=calm`)).toBe('hook\n')
  })
})

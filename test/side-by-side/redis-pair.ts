import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { redisCli } from '../../src/sim/programs/redis/cli.ts'
import { redisServer } from '../../src/sim/programs/redis/server.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'

const find = (name: string) => ['/usr/bin', '/usr/local/bin'].map((folder) => join(folder, name)).find(existsSync)
const [server = '', client = ''] = [find('redis-server'), find('redis-cli')]
/** Whether this machine has redis. */
export const REDIS = server !== '' && client !== ''

const drain = () => new Promise<void>((done) => setImmediate(done))
const freePort = () =>
  new Promise<number>((done) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as { port: number }
      listener.close(() => done(port))
    })
  })

/** A real redis-server and a simulated one of the same version, each with its own redis-cli. */
export async function startPair() {
  const dir = mkdtempSync(join(tmpdir(), 'kubebook-redis-'))
  const port = await freePort()
  const version = /v=(\S+)/.exec(spawnSync(server, ['--version'], { encoding: 'utf8' }).stdout)![1]
  const options = ['--port', String(port), '--dir', dir]
  const real = spawn(server, options, { stdio: 'ignore' })
  for (let i = 0; i < 100; i++) {
    if (spawnSync(client, ['-p', String(port), 'ping']).status === 0) break
    await new Promise((done) => setTimeout(done, 20))
  }
  const commands = new Map([
    ['redis-server', redisServer],
    ['redis-cli', redisCli],
  ])
  const world = await createWorld({ seed: 1, topology: 'none', account: 'root', commands, drain })
  await world.script(
    `mkdir -p ${dir}; REDIS_VERSION=${version} redis-server ${options.join(' ')} > /dev/null & sleep 1`,
  )
  return {
    /** What redis-cli prints for these lines, as for a person, and its status. */
    async talk(lines: string, ...more: string[]) {
      const args = ['-p', String(port), ...more]
      const run = spawnSync(client, args, { encoding: 'utf8', input: `${lines}\n` })
      world.input({ type: 'write', path: `${dir}-lines`, content: `${lines}\n` })
      const mine = await world.script(`redis-cli ${args.join(' ')} < ${dir}-lines`)
      return {
        expected: `${run.stdout}${run.stderr}${run.status}`,
        seen: `${mine.stdout}${mine.stderr}${mine.status}`,
      }
    },
    stop() {
      real.kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer, Question } from './ask.ts'
import { openMetrics } from './samples.ts'

/** Why the real program cannot be asked; undefined when it can. */
export function absent(): string | undefined {
  for (const name of ['prometheus', 'promtool'])
    if (spawnSync(name, ['--version']).error) return `no ${name} on this machine`
  return undefined
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

/** The real Prometheus with the recorded samples. */
export async function realPrometheus(): Promise<{ ask(question: Question): Promise<Answer>; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'promql-'))
  const data = join(folder, 'data')
  writeFileSync(join(folder, 'samples.om'), openMetrics())
  writeFileSync(join(folder, 'prometheus.yml'), '')
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', join(folder, 'samples.om'), data], {
    stdio: 'pipe',
  })
  const port = await freePort()
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${port}`
  for (let i = 0; ; i++) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) break
    if (i > 100) {
      stop()
      throw new Error('prometheus did not become ready')
    }
    await new Promise((done) => setTimeout(done, 100))
  }
  return {
    ask: async ({ path, parameters }) =>
      (
        await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) })
      ).json() as Promise<Answer>,
    stop,
  }
}

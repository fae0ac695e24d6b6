import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Files } from '../../src/sim/linux/file.ts'
import { testMachine } from '../../src/sim/linux/shell/test-machine.ts'
import { programs } from '../../src/sim/programs/index.ts'
import { alpineFiles } from '../../src/sim/programs/userlands.ts'

export interface Outcome {
  stdout: string
  status: number | undefined
}

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' }
/** How folders are called in what is compared. */
const FOLDER = '/tmp/w'
/** ms for all of them. */
const TIMEOUT = 60_000

export const busyboxAbsent = spawnSync('busybox', ['sh', '-c', ':']).status !== 0

/**
 * What the machine's own busybox makes of each snippet, every one in a folder of its own. `limit`: seconds each may
 * take, for scripts that may have no end.
 */
export async function realOutcomes(snippets: readonly string[], limit?: number): Promise<Outcome[]> {
  const guard = limit === undefined ? '' : `busybox timeout ${limit} `
  const base = mkdtempSync(join(tmpdir(), 'shell-'))
  try {
    mkdirSync(join(base, 'w'))
    const lines = snippets.map((text, i) => {
      mkdirSync(join(base, 'w', String(i)))
      const quoted = `'${text.replaceAll("'", "'\\''")}'`
      return `cd ${base}/w/${i}; ${guard}busybox sh -c ${quoted} >${base}/${i}.out 2>/dev/null </dev/null; echo $? >${base}/${i}.status`
    })
    writeFileSync(join(base, 'driver.sh'), `${lines.join('\n')}\n`)
    await runAlone(join(base, 'driver.sh'))
    return snippets.map((_, i) => ({
      stdout: readFileSync(join(base, `${i}.out`), 'utf8').replaceAll(join(base, 'w', String(i)), FOLDER),
      status: Number(readFileSync(join(base, `${i}.status`), 'utf8')),
    }))
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

/** Runs a script in a process group of its own, and leaves nothing of the group behind, whatever it began. */
function runAlone(script: string): Promise<void> {
  return new Promise((done) => {
    const child = spawn('busybox', ['sh', script], { env: ENV, detached: true, stdio: 'ignore' })
    const end = () => {
      clearTimeout(timer)
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // Nobody is left.
      }
      done()
    }
    const timer = setTimeout(end, TIMEOUT)
    child.once('exit', end)
    child.once('error', () => done())
  })
}

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A simulated machine whose userland is busybox, for one snippet after another. */
export class OurShell {
  readonly #machine = testMachine(programs, drain)

  constructor() {
    const { files } = this.#machine.kernel
    for (const [path] of alpineFiles()) {
      if (path === 'bin/busybox') continue
      if (files.exists(`/${path}`)) files.unlink(`/${path}`)
      files.symlink('/bin/busybox', `/${path}`)
    }
  }

  async outcome(text: string): Promise<Outcome> {
    const { files, faults } = this.#machine.kernel
    if (files.exists(FOLDER)) remove(files, FOLDER)
    files.mkdir(FOLDER, { parents: true })
    faults.length = 0
    const { stdout, status } = await this.#machine.run(['sh', '-c', text], { cwd: FOLDER })
    if (faults.length > 0) throw new Error(`a fault of ${faults[0]!.process}: ${faults[0]!.error}`)
    return { stdout, status }
  }
}

function remove(files: Files, path: string): void {
  if (files.lstat(path).type !== 'directory') return files.unlink(path)
  for (const { name } of files.list(path)) remove(files, `${path}/${name}`)
  files.rmdir(path)
}

import { machine } from '../../src/sim/linux/test-kernel.ts'
import { asProgram } from '../../src/sim/programs/applet/applet.ts'
import { python } from '../../src/sim/programs/python/python.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

export interface Ran {
  stdout: string
  stderr: string
  status: number
  /** Virtual ms of CPU time. */
  cpu: number
}

/** Runs a script as /tmp/t.py with the simulated python on a machine of its own. */
export async function runPython(script: string, args: readonly string[] = ['t.py'], version = '3.11.7'): Promise<Ran> {
  let status = -1
  let cpu = 0
  const { kernel, drive } = machine(drain, {
    python3: asProgram(python, 'gnu'),
    shell: async (process) => {
      process.cwd = '/tmp'
      const out = process.files.open('/tmp/out', { write: true, create: true })
      const err = process.files.open('/tmp/err', { write: true, create: true })
      const child = process.spawn({
        argv: ['python3', ...args],
        env: new Map([...process.env, ['PYTHON_VERSION', version]]),
        fds: new Map([
          [0, process.files.open('/dev/null', { read: true })],
          [1, out],
          [2, err],
        ]),
      })
      const ended = await process.wait(child)
      status = ended.code ?? -1
      cpu = (child as unknown as { cpuTime: number }).cpuTime
      return 0
    },
  })
  kernel.files.write('/tmp/t.py', script)
  kernel.spawn({ argv: ['shell'] })
  await drive()
  if (status < 0 && kernel.faults?.length) console.error(kernel.faults)
  const read = (path: string) => (kernel.files.exists(path) ? kernel.files.readText(path) : '')
  return { stdout: read('/tmp/out'), stderr: read('/tmp/err'), status, cpu }
}

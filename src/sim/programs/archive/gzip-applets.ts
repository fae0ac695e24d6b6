import { gunzip, gzipInSteps, isGzip } from '../../containers/archive/gzip.ts'
import type { Process } from '../../linux/process.ts'
import type { Applet } from '../applet/applet.ts'
import { complain, say, words } from '../applet/applet.ts'
import { isDirectory, readInput, writeBytes } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

/** gzip, gunzip and zcat. */
export const gzipApplet: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'cdfkltvqnr123456789',
    long: {
      stdout: 'c',
      'to-stdout': 'c',
      decompress: 'd',
      uncompress: 'd',
      force: 'f',
      keep: 'k',
      test: 't',
      verbose: 'v',
      best: '9',
      fast: '1',
    },
  })
  const unpack = options.has('d') || options.has('t') || call.name === 'gunzip' || call.name === 'zcat'
  const toStdout = options.has('c') || call.name === 'zcat'
  let status = 0
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      if (path !== '-' && isDirectory(process, path)) {
        await complain(call, `${path} is a directory -- ignored`)
        status = 2
        continue
      }
      const named = /\.(gz|tgz|z)$/.test(path)
      if (path !== '-' && !toStdout && unpack !== named && !options.has('t') && (unpack || call.flavour === 'gnu')) {
        await complain(
          call,
          unpack
            ? say(call, `${path}: unknown suffix -- ignored`, `${path}: unknown suffix - ignored`)
            : `${path} already has .gz suffix -- unchanged`,
        )
        status = unpack ? 2 : 0
        continue
      }
      const bytes = await readInput(process, path)
      if (unpack) await process.compute(bytes.length / 50_000)
      if (unpack && !isGzip(bytes)) {
        await complain(call, say(call, `${path === '-' ? 'stdin' : path}: not in gzip format`, 'invalid magic'))
        status = 1
        continue
      }
      const made = unpack ? gunzip(bytes) : await pack(process, bytes)
      if (options.has('t')) continue
      if (path === '-' || toStdout) {
        await writeBytes(process, made)
        continue
      }
      const target = unpack ? path.replace(/\.tgz$/, '.tar').replace(/\.gz$/, '') : `${path}.gz`
      if (process.files.exists(target) && !options.has('f')) {
        await complain(
          call,
          say(call, `${target} already exists;\tnot overwritten`, `can't open '${target}': File exists`),
        )
        status = 2
        continue
      }
      process.files.write(target, made)
      if (!options.has('k')) process.files.unlink(path)
    } catch (error) {
      await complain(call, say(call, `${path}: ${words(error)}`, `${path}: ${words(error)}`))
      status = 1
    }
  }
  return status
}

/** gzip at the pace of a machine. */
export async function pack(process: Process, bytes: Uint8Array): Promise<Uint8Array> {
  const steps = gzipInSteps(bytes)
  for (;;) {
    await process.compute(Math.min(bytes.length, 131_072) / 50_000)
    const step = steps.next()
    if (step.done) return step.value
  }
}

import { SystemError } from '../../linux/errors.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError } from '../applet/applet.ts'
import { ETAB, type Export, formatExports, parseExports, shownOptions } from './exports.ts'
import { startNfs } from './server.ts'

const decoder = new TextDecoder()

/** exportfs(8): `-a`, `-r`, `-ra`, `-v`, `-u`, and without options the table. */
export const exportfs: Applet = async ({ process, args }) => {
  const flags = new Set(args.filter((a) => a.startsWith('-')).flatMap((a) => [...a.slice(1)]))
  const { files } = process
  if (process.credentials.uid !== 0)
    throw new AppletError(`could not open ${ETAB} for locking: errno 13 (Permission denied)`)
  const read = (path: string): Export[] => (files.exists(path) ? parseExports(files.readText(path)) : [])
  if (flags.has('a') || flags.has('r') || flags.has('u')) {
    let table: Export[] = []
    if (!flags.has('u')) {
      try {
        table = read('/etc/exports')
      } catch (error) {
        throw new AppletError((error as Error).message)
      }
    }
    let status = 0
    for (const { path } of table) {
      if (files.exists(path)) continue
      await process.printError(`exportfs: Failed to stat ${path}: No such file or directory\n`)
      status = 1
    }
    // The server came up with its package; a table brings it back into use.
    startNfs(process)
    files.write(ETAB, formatExports(table.filter(({ path }) => files.exists(path))))
    if (flags.has('v')) await process.print(table.map((e) => `exporting ${e.client}:${e.path}\n`).join(''))
    return status
  }
  for (const each of read(ETAB)) {
    const client = each.client === '*' ? '<world>' : each.client
    const path = each.path.length > 14 ? `${each.path}\n\t\t` : `${each.path.padEnd(14)}\t`
    await process.print(`${path}${client}${flags.has('v') ? `(${shownOptions(each)})` : ''}\n`)
  }
  return 0
}

/** showmount -e HOST */
export const showmount: Applet = async ({ process, args }) => {
  const flags = args.filter((a) => a.startsWith('-'))
  if (!flags.some((f) => f === '-e' || f === '--exports'))
    throw new AppletError(`not simulated: showmount ${args.join(' ')}`)
  const host = args.find((a) => !a.startsWith('-')) ?? process.machine.hostname
  const [address] = await process.net.resolve(host)
  if (!address) {
    await process.printError(`clnt_create: RPC: Unknown host\n`)
    return 1
  }
  try {
    const connection = await process.net.connect({ address, port: 111 }, { timeout: 10_000 })
    let text = ''
    for (let bytes = await connection.read(); bytes.length > 0; bytes = await connection.read())
      text += decoder.decode(bytes)
    connection.close()
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ') as [string, string])
    const width = Math.max(0, ...rows.map(([path]) => path.length))
    await process.print(
      `Export list for ${host}:\n${rows.map(([path, clients]) => `${path.padEnd(width)} ${clients === '*' ? '*' : clients}\n`).join('')}`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const why = error.code === 'ECONNREFUSED' ? 'Unable to receive: errno 111 (Connection refused)' : 'Timed out'
    await process.printError(`clnt_create: RPC: Port mapper failure - ${why}\n`)
    return 1
  }
}

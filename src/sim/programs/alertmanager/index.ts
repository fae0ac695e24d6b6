import { SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import { HttpAgent } from '../http/agent.ts'
import { goFlags, parseListen, runDaemon } from '../http/daemon.ts'
import { logfmt } from '../prometheus/log.ts'
import { AlertBook } from './alerts.ts'
import { answer } from './api.ts'
import { parseAlertmanagerConfig } from './config.ts'
import { dispatch } from './notification.ts'
import { Peers } from './peers.ts'
import type { Server } from './server.ts'

/** Alertmanager: groups alerts, holds back silenced and inhibited ones, and tells receivers. */
export const alertmanager: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const file = flags.get('config.file', 'alertmanager.yml')
  logfmt(process, 'main.go:225', 'info', {
    msg: 'Starting Alertmanager',
    version: '(version=0.23.0, branch=HEAD, revision=61046b17771a57cfd4c4a51be370ab930a4d7d54)',
  })
  process.setMemory(18 * 2 ** 20)
  const load = () => {
    logfmt(process, 'coordinator.go:113', 'info', {
      component: 'configuration',
      msg: 'Loading configuration file',
      file,
    })
    const config = parseAlertmanagerConfig(process.files.readText(file))
    logfmt(process, 'coordinator.go:126', 'info', {
      component: 'configuration',
      msg: 'Completed loading of configuration file',
      file,
    })
    return config
  }
  let book: AlertBook
  try {
    book = new AlertBook(load())
  } catch (error) {
    const err = error instanceof SystemError ? `open ${file}: ${error.message.toLowerCase()}` : (error as Error).message
    logfmt(process, 'coordinator.go:118', 'error', {
      component: 'configuration',
      msg: 'Loading configuration file failed',
      file,
      err,
    })
    return 1
  }
  const peers = new Peers(process, flags.all('cluster.peer'), (entry) => {
    const known = book.told.get(entry.key)
    if (!known || known.at < entry.at) book.told.set(entry.key, entry)
  })
  const server: Server = {
    process,
    book,
    peers,
    started: process.wallClock(),
    clustered: peers.names.length > 0,
    sent: 0,
    failed: 0,
    reloaded: true,
    unknown: new Set(),
    externalUrl: '',
  }
  const agent = new HttpAgent(process, 'Alertmanager/0.23.0')
  const listen = flags.get('web.listen-address', ':9093')
  const hostname = process.files.readText('/proc/sys/kernel/hostname').trim()
  server.externalUrl = flags
    .get('web.external-url', `http://${hostname}:${parseListen(listen).port}`)
    .replace(/\/$/, '')
  logfmt(process, 'main.go:518', 'info', { msg: 'Listening', address: listen })
  return runDaemon(process, {
    listen: [{ ...parseListen(listen), handler: (request) => answer(server, request, load) }],
    tasks: [
      () => new Promise((_, fault) => dispatch(server, agent, fault).catch(fault)),
      ...(server.clustered ? [() => peers.listen(parseListen(flags.get('cluster.listen-address', ':9094')).port)] : []),
    ],
    onBusy: (_, why) =>
      logfmt(process, 'main.go:520', 'error', { msg: 'Listen error', err: `listen tcp ${listen}: bind: ${why}` }),
  })
}

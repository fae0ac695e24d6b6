import type { Process } from '../../sim/linux/process.ts'
import { decodeText } from '../../sim/linux/shell/bytes.ts'
import { flags } from '../docker/cli/flag.ts'
import { enableAddon } from './addons/commands.ts'
import { COMMON, type Command, Exit, Output } from './command.ts'
import { running } from './running.ts'
import { capture } from './shell.ts'

const NAME = 'kubernetes-dashboard'

export const dashboard: Command = {
  name: 'dashboard',
  summary: 'Access the Kubernetes dashboard running within the minikube cluster',
  flags: [
    ...COMMON,
    ...flags`
      --port int   Exposed port of the proxyfied dashboard. Set to 0 to pick a random port.
      --url        Display dashboard URL instead of opening a browser
`,
  ],
  async run(call) {
    const { process, flags: given } = call
    const out = new Output(process, { aside: true })
    const profile = await running(call)
    if (!profile.addons.dashboard) {
      await out.step('🔌', 'Enabling dashboard ...')
      await enableAddon({ ...call, out }, profile, 'dashboard')
    }
    await out.step('🤔', 'Verifying dashboard health ...')
    const ready = ['-n', NAME, 'wait', '--for=condition=Available', `deployment/${NAME}`, '--timeout=10m']
    const waited = await capture(process, ['kubectl', '--context', profile.name, ...ready])
    if (waited.status !== 0)
      throw new Exit('SVC_CHECK_TIMEOUT', `dashboard service is not running: ${waited.stderr.trim()}`, 112)
    await out.step('🚀', 'Launching proxy ...')
    const { child, port } = await launchProxy(process, profile.name, given.number('port') ?? 0)
    process.on('SIGTERM', () => process.kill(child.pid, 'SIGTERM'))
    const url = `http://127.0.0.1:${port}/api/v1/namespaces/${NAME}/services/http:${NAME}:/proxy/`
    await out.step('🤔', 'Verifying proxy health ...')
    const page = await fetchPage(process, url)
    if (page === undefined) {
      process.kill(child.pid, 'SIGTERM')
      throw new Exit('SVC_URL_TIMEOUT', `${url} is not accessible: Temporary Error: unexpected response code: 503`, 112)
    }
    if (given.bool('url') || process.credentials.uid === 0) {
      await process.print(`${url}\n`)
      await process.wait(child)
      return 0
    }
    await out.step('🎉', `Opening ${url} in your default browser...`)
    await out.warning('not simulated: a browser; this is what the dashboard answers')
    await process.print(`\n${page}`)
    process.kill(child.pid, 'SIGTERM')
    await process.wait(child)
    return 0
  },
}

/** `kubectl proxy` in the background, and the port it took. */
async function launchProxy(process: Process, context: string, wanted: number) {
  const said = process.pipe()
  const child = process.spawn({
    argv: ['kubectl', '--context', context, 'proxy', `--port=${wanted}`],
    env: process.env,
    fds: new Map([[1, said.write]]),
  })
  said.write.release()
  const line = decodeText(await said.read.read())
  const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1]
  if (port === undefined) throw new Exit('HOST_KUBECTL_PROXY', 'kubectl proxy: it did not say where it listens', 30)
  return { child, port }
}

async function fetchPage(process: Process, url: string): Promise<string | undefined> {
  for (let i = 0; i < 20; i++) {
    const { stdout, status } = await capture(process, ['curl', '-sf', url])
    if (status === 0) return stdout
    await process.sleep(500)
  }
  return undefined
}

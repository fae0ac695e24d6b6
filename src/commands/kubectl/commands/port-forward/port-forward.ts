import { SystemError } from '../../../../sim/linux/errors.ts'
import type { Connection, Listener } from '../../../../sim/linux/socket.ts'
import { fetchTargets } from '../../builder/infos.ts'
import { targetsOf } from '../../builder/targets.ts'
import { attachablePod } from '../../client/pods.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { duration, list } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { type ForwardedPort, parsePorts } from './ports.ts'

export const portForward: Command = {
  name: 'port-forward',
  short: 'Forward one or more local ports to a pod',
  long: `Forward one or more local ports to a pod.

 Use resource type/name such as deployment/mydeployment to select a pod. Resource type defaults to 'pod' if omitted.

 If there are multiple pods matching the criteria, a pod will be selected automatically. The forwarding session ends when the selected pod terminates, and a rerun of the command is needed to resume forwarding.`,
  examples: `
# Listen on ports 5000 and 6000 locally, forwarding data to/from ports 5000 and 6000 in the pod
kubectl port-forward pod/mypod 5000 6000

# Listen on port 8443 locally, forwarding to the targetPort of the service's port named "https" in a pod selected by the service
kubectl port-forward service/myservice 8443:https

# Listen on port 8888 locally, forwarding to 5000 in the pod
kubectl port-forward pod/mypod 8888:5000`,
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  flags: [
    list(
      'address',
      'Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value. When localhost is supplied, kubectl will try to bind on both 127.0.0.1 and ::1 and will fail if neither of these addresses are available to bind.',
      { default: 'localhost' },
    ),
    duration(
      'pod-running-timeout',
      'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
      { default: '1m0s' },
    ),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { args, flags } = session
  if (args.length < 2) throw session.usageError('TYPE/NAME and list of ports are required for port-forward')
  const [target, ...ports] = args as [string, ...string[]]
  const targets = await targetsOf(session, [target], { defaultType: target.includes('/') ? undefined : 'pods' })
  const { infos, errors } = await fetchTargets(session, targets)
  throwAll(errors)
  const info = infos[0]!
  const pod = await attachablePod(session, info, flags.duration('pod-running-timeout'))
  const forwarded = parsePorts(ports, info.object, pod)
  const current = await session.client.json({
    path: `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`,
  })
  if (current.status?.phase !== 'Running') {
    throw new CliError(`unable to forward port because pod is not running. Current status=${current.status?.phase}`)
  }
  await forward(session, current, forwarded)
}

async function forward(session: Session, pod: any, ports: readonly ForwardedPort[]): Promise<void> {
  const listeners: { listener: Listener; port: ForwardedPort }[] = []
  const { process } = session
  for (const port of ports) {
    for (const address of session.flags.list('address')) {
      const ip = address === 'localhost' ? '127.0.0.1' : address
      try {
        const listener = process.net.listen({ address: ip, port: port.local })
        listeners.push({ listener, port })
        const local = listener.local.port
        await session.print(`Forwarding from ${ip}:${local} -> ${port.remote}\n`)
        if (address === 'localhost') await session.print(`Forwarding from [::1]:${local} -> ${port.remote}\n`)
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
        const words = `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`
        await session.printError(
          `Unable to listen on port ${port.local}: Listeners failed to create with the following errors: [unable to create listener: Error listen tcp4 ${ip}:${port.local}: bind: ${words}]\n`,
        )
      }
    }
  }
  if (listeners.length === 0)
    throw new CliError(
      `unable to listen on any of the requested ports: [${ports.map((p) => `{${p.local} ${p.remote}}`).join(' ')}]`,
    )
  await Promise.all(listeners.map(({ listener, port }) => serve(session, pod, listener, port)))
}

/** Accepts until the process ends; each connection gets a stream to the Pod of its own. */
async function serve(session: Session, pod: any, listener: Listener, port: ForwardedPort): Promise<void> {
  for (;;) {
    const connection = await listener.accept()
    await session.print(`Handling connection for ${listener.local.port}\n`)
    void carry(session, pod, connection, port).catch(() => connection.close())
  }
}

async function carry(session: Session, pod: any, connection: Connection, port: ForwardedPort): Promise<void> {
  const { namespace, name } = pod.metadata
  let settled = false
  await session.client.send({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/pods/${name}/portforward`,
    query: [['ports', String(port.remote)]],
    upgrade: {
      stdin: { read: () => connection.read() },
      stdout: { write: (bytes) => connection.write(bytes) },
      onStatus(status) {
        if (settled) return
        settled = true
        const { status: outcome, message } = (status ?? {}) as any
        connection.finish()
        if (outcome === 'Failure') {
          void session.klog
            .log(
              'E',
              'portforward.go:424',
              `"Unhandled Error" err="an error occurred forwarding ${port.local} -> ${port.remote}: ${message}"`,
            )
            // The command may have ended meanwhile.
            .catch(() => {})
          connection.close()
        }
      },
    },
  })
}

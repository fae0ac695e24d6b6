import { bodyText } from '../../client/body.ts'
import { runStreams } from '../../client/streams.ts'
import { CliError } from '../../errors/errors.ts'
import type { Session } from '../../session.ts'

/** Waits until the Pod runs or has ended. */
export async function waitForPod(session: Session, pod: any, timeout: number): Promise<any> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`
  const deadline = session.process.uptime() + timeout
  for (;;) {
    const now = await session.client.json({ path })
    const started = (now.status?.containerStatuses ?? []).some((c: any) => c.state?.running || c.state?.terminated)
    if (['Succeeded', 'Failed'].includes(now.status?.phase) || (now.status?.phase === 'Running' && started)) return now
    if (session.process.uptime() >= deadline) throw new CliError('timed out waiting for the condition')
    await session.process.sleep(100)
  }
}

const RECORDED =
  'All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\n'

/** Joins the container's main process; prints its log instead when it has already ended. */
export async function attachTo(
  session: Session,
  pod: any,
  container: string,
  options: { stdin: boolean; tty: boolean; quiet: boolean },
): Promise<void> {
  const { namespace, name } = pod.metadata
  if (['Succeeded', 'Failed'].includes(pod.status?.phase)) return printLog(session, pod, container)
  if (options.stdin && !options.quiet) {
    await session.printError(`${RECORDED}If you don't see a command prompt, try pressing enter.\n`)
  }
  const tty = options.tty && (session.process.stdin.tty !== undefined || !options.stdin)
  await runStreams(session, {
    path: `/api/v1/namespaces/${namespace}/pods/${name}/attach`,
    query: [
      ['container', container],
      ...(options.stdin ? [['stdin', 'true'] as const] : []),
      ['stdout', 'true'],
      ...(tty ? [['tty', 'true'] as const] : [['stderr', 'true'] as const]),
    ],
    stdin: options.stdin,
    stderr: !tty,
    tty,
  })
}

/** What the container has printed so far. */
export async function printLog(session: Session, pod: any, container: string): Promise<void> {
  const { namespace, name } = pod.metadata
  const answer = await session.client.send({
    path: `/api/v1/namespaces/${namespace}/pods/${name}/log`,
    query: [['container', container]],
  })
  return session.print(bodyText(answer.body))
}

/** Exit code of the first container that ended badly. */
export function exitCodeOf(pod: any): number {
  if (pod.status?.phase === 'Succeeded') return 0
  const codes = (pod.status?.containerStatuses ?? []).map((c: any) => c.state?.terminated?.exitCode ?? 0)
  return codes.find((code: number) => code !== 0) ?? 1
}

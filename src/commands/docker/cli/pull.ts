import type { Progress } from '../../../sim/containers/api/image-pull.ts'
import { parseReference, type Reference } from '../../../sim/containers/images/reference.ts'
import { CommandError, type Session } from './session.ts'

/** Prints a pull's or push's progress: line by line, or in place on a terminal. */
export async function showProgress(
  stream: AsyncIterable<unknown>,
  print: (text: string) => Promise<void>,
  terminal: boolean,
): Promise<void> {
  const lines = new Map<string, number>()
  for await (const item of stream as AsyncIterable<Progress>) {
    if (item.error !== undefined) throw new CommandError(item.error)
    if (item.status === undefined) continue
    const text = item.id ? `${item.id}: ${item.status}` : item.status
    if (!terminal || item.id === undefined || item.progressDetail === undefined) {
      await print(`${text}\n`)
      if (terminal) for (const [id, up] of lines) lines.set(id, up + 1)
      continue
    }
    const up = lines.get(item.id)
    if (up === undefined) {
      for (const [id, distance] of lines) lines.set(id, distance + 1)
      lines.set(item.id, 1)
      await print(`${text}\n`)
    } else await print(`\x1b[${up}A\x1b[2K\r${text} \x1b[${up}B\r`)
  }
}

export function splitImage(text: string): { reference: Reference; name: string; tag: string | undefined } {
  const reference = parseReference(text)
  const suffix = reference.digest ? `@${reference.digest}` : reference.tag ? `:${reference.tag}` : ''
  const withoutTag = reference.tag && reference.digest ? text.replace(`:${reference.tag}@`, '@') : text
  return {
    reference,
    name: withoutTag.slice(0, withoutTag.length - suffix.length),
    tag: reference.digest ?? reference.tag,
  }
}

/** Credentials kept by `docker login`, for the daemon. */
export function authHeader(session: Session, domain: string): Record<string, string> {
  const key = domain === 'docker.io' ? 'https://index.docker.io/v1/' : domain
  const path = `${session.process.env.get('HOME') ?? '/root'}/.docker/config.json`
  if (!session.process.files.exists(path)) return {}
  try {
    const config = JSON.parse(session.process.files.readText(path)) as { auths?: Record<string, { auth?: string }> }
    const auth = config.auths?.[key]?.auth
    if (!auth) return {}
    const [username = '', password = ''] = atob(auth).split(/:(.*)/s)
    return { 'x-registry-auth': btoa(JSON.stringify({ username, password, serveraddress: key })) }
  } catch {
    return {}
  }
}

export async function pullImage(
  session: Session,
  text: string,
  options: { quiet?: boolean; all?: boolean; print?: (text: string) => Promise<void> } = {},
): Promise<void> {
  const { reference, name, tag } = splitImage(text)
  const stream = await session.client.stream('POST', '/images/create', {
    query: { fromImage: name, ...(options.all ? { all: 1 } : { tag: tag ?? 'latest' }) },
    headers: authHeader(session, reference.domain),
  })
  const print = options.quiet ? async () => {} : (options.print ?? session.print)
  await showProgress(stream, print, !options.print && session.process.fds.get(1)?.tty !== undefined)
}

import { bodyText } from '../../client/body.ts'
import { CliError } from '../../errors/errors.ts'
import { indentedJson } from '../../json/json.ts'
import type { Session } from '../../session.ts'

/** Path and query of `--raw /api/v1/pods?limit=1`. */
export function rawTarget(session: Session): { path: string; query: [string, string][]; raw: true } {
  const uri = session.flags.string('raw')
  if (!uri.startsWith('/'))
    throw new CliError(`--raw must be a valid URL path: parse ${JSON.stringify(uri)}: invalid URI for request`)
  const [path = '', search = ''] = uri.split('?')
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '))
  const query = search
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const eq = pair.indexOf('=')
      return (eq < 0 ? [decode(pair), ''] : [decode(pair.slice(0, eq)), decode(pair.slice(eq + 1))]) as [string, string]
    })
  return { path, query, raw: true }
}

export async function getRaw(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 0 || flags.list('filename').length > 0)
    throw new CliError('arguments may not be passed when --raw is specified')
  for (const other of ['watch', 'watch-only', 'selector', 'field-selector', 'output'] as const) {
    if (flags.changed(other))
      throw new CliError(
        `--raw may not be specified with other flags that filter the server request or alter the output`,
      )
  }
  const response = await session.client.send({ ...rawTarget(session), accept: '*/*', keepEmpty: true })
  if (response.stream) {
    for await (const item of response.stream) await session.print(rawText(item))
    return
  }
  await session.print(rawText(response.body))
}

/** JSON answers end with a line break, as the server writes them. */
export function rawText(body: unknown): string {
  // Servers lay out their version, nothing else.
  if (typeof body === 'object' && body !== null && 'gitVersion' in body) return indentedJson(body, 2, false)
  const text = bodyText(body)
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array) ? `${text}\n` : text
}

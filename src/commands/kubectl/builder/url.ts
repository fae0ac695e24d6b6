import type { Process } from '../../../sim/linux/process.ts'
import { bodyText } from '../client/body.ts'
import { CliError, ConnectionError } from '../errors/errors.ts'

/** Text behind a URL of the world's internet. */
export async function fetchUrl(process: Process, url: string): Promise<string> {
  const match = /^(https?:\/\/([^/?#]+))([^?#]*)(?:\?([^#]*))?/.exec(url)
  const port = match && process.machine.dial(match[1]!)
  if (!match || !port) {
    const host = match?.[2] ?? url
    if (/^\d+\.\d+\.\d+\.\d+(:\d+)?$|^localhost/.test(host)) throw new ConnectionError(host)
    throw new ConnectionError(host, false, `dial tcp: lookup ${host.split(':')[0]}: no such host`)
  }
  const query = (match[4] ?? '')
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=').map(decodeURIComponent) as [string, string])
  const response = await port.handle({ method: 'GET', path: match[3] || '/', query, headers: {} })
  if (response.status === 200) return bodyText(response.body)
  throw new CliError(
    `unable to read URL ${JSON.stringify(url)}, server reported ${response.status} ${response.status === 404 ? 'Not Found' : ''}, status code=${response.status}`,
  )
}

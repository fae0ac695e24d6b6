import { SystemError } from '../../../linux/errors.ts'
import type { Stat } from '../../../linux/file.ts'
import { dateFields } from '../../../time/date.ts'
import type { HttpResponse } from '../../http/message.ts'
import type { Exchange } from '../exchange.ts'
import { respond } from '../responses.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (n: number) => String(n).padStart(2, '0')
const WIDTH = 50

/** A folder's listing: folders first, then files, by name. */
export function autoindex(x: Exchange, path: string): HttpResponse | { status: number } {
  const { files } = x.process
  let names: string[]
  try {
    names = files
      .list(path)
      .map((entry) => entry.name)
      .filter((name) => !name.startsWith('.'))
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    return { status: error.code === 'EACCES' ? 403 : 404 }
  }
  const entries = names.map((name) => ({ name, stat: files.stat(`${path.replace(/\/$/, '')}/${name}`) }))
  const folder = (stat: Stat) => stat.type === 'directory'
  entries.sort((a, b) => Number(folder(b.stat)) - Number(folder(a.stat)) || (a.name < b.name ? -1 : 1))
  const title = `Index of ${escapeHtml(x.uri)}`
  const lines = entries.map(({ name, stat }) => {
    const shown = folder(stat) ? `${name}/` : name
    const label = shown.length > WIDTH ? `${shown.slice(0, WIDTH - 3)}..>` : shown
    const d = dateFields(stat.modified)
    const date = `${pad(d.day)}-${MONTHS[d.month - 1]}-${d.year} ${pad(d.hour)}:${pad(d.minute)}`
    const size = folder(stat) ? '-' : String(stat.size)
    const gap = ' '.repeat(Math.max(0, WIDTH + 1 - label.length))
    return `<a href="${escapeComponent(name)}${folder(stat) ? '/' : ''}">${escapeHtml(label)}</a>${gap}${date}${size.padStart(20)}\r\n`
  })
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`
  return { ...respond(x, 200, 'text/html', html), chunked: true } as HttpResponse
}

const escapeComponent = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

import { createDeflate, createInflate, type Deflate, type Inflate, constants as zlib } from 'node:zlib'

const WORDS =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin'
const REST =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.'

/** The dictionary of SPDY/3 (draft-mbelshe-httpbis-spdy-00, 2.6.10.1): words with their lengths, then plain text. */
function spdyDictionary(): Buffer {
  const parts = WORDS.split(' ').map((word) => lengthPrefixed(word.replace('_', ' ')))
  return Buffer.concat([...parts, Buffer.from(REST)])
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

export type Headers = Readonly<Record<string, string>>

/** One direction's header blocks are one compressed stream, so they are read in order. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary() })
  #failed: Error | undefined

  constructor() {
    this.#inflate.on('error', (error) => {
      this.#failed = error
    })
  }

  /** Throws for what is no header block. */
  async read(block: Uint8Array): Promise<Headers> {
    await new Promise<void>((resolve, reject) =>
      this.#inflate.write(block, (error) => (error ? reject(error) : resolve())),
    )
    if (this.#failed) throw this.#failed
    const plain = (this.#inflate.read() as Buffer | null) ?? Buffer.alloc(4)
    let at = 0
    const number = () => {
      at += 4
      return plain.readUInt32BE(at - 4)
    }
    const text = () => {
      const length = number()
      at += length
      return plain.toString('utf8', at - length, at)
    }
    const headers: Record<string, string> = {}
    for (let left = number(); left > 0; left--) {
      const name = text().toLowerCase()
      headers[name] = text()
    }
    return headers
  }

  close(): void {
    this.#inflate.destroy()
  }
}

export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary() })

  async write(headers: Headers): Promise<Buffer> {
    const entries = Object.entries(headers)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(entries.length)
    const block = Buffer.concat([count, ...entries.flat().map(lengthPrefixed)])
    this.#deflate.write(block)
    await new Promise<void>((resolve) => this.#deflate.flush(zlib.Z_SYNC_FLUSH, resolve))
    return (this.#deflate.read() as Buffer | null) ?? Buffer.alloc(0)
  }

  close(): void {
    this.#deflate.destroy()
  }
}

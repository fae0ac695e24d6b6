import type { OpenFile } from '../../../sim/linux/file.ts'

/** Everything that is left to read. */
export async function readAll(file: OpenFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const bytes = await file.read(1 << 20)
    if (bytes.length === 0) break
    parts.push(bytes.slice())
    length += bytes.length
  }
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

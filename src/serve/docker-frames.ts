const HEAD = 8

/** A piece of output as the engine multiplexes it: the stream's number, three zeros, the length, the bytes. */
export function frame(stream: 'stdout' | 'stderr', bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(HEAD + bytes.length)
  out[0] = stream === 'stdout' ? 1 : 2
  new DataView(out.buffer).setUint32(4, bytes.length)
  out.set(bytes, HEAD)
  return out
}

import { type Applet, complain, say, words } from '../applet/applet.ts'
import { readInput } from '../applet/input.ts'

/** The CRC of POSIX cksum: the length follows the bytes. */
function posixCrc(bytes: Uint8Array): number {
  let crc = 0
  const feed = (byte: number) => {
    crc ^= byte << 24
    for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1
  }
  for (const byte of bytes) feed(byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) feed(length & 255)
  return ~crc >>> 0
}

/** The rotating sum of BSD. */
function bsdSum(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = ((sum >>> 1) + ((sum & 1) << 15) + byte) & 0xffff
  return sum
}

/** cksum and sum. */
export const sums: Applet = async (call) => {
  const { process, name } = call
  const paths = call.args.filter((word) => word === '-' || !word.startsWith('-'))
  let status = 0
  for (const path of paths.length > 0 ? paths : ['-']) {
    try {
      const bytes = await readInput(process, path)
      await process.compute(bytes.length / 100_000)
      const shown = paths.length === 0 ? '' : ` ${path}`
      if (name === 'cksum') await process.print(`${posixCrc(bytes)} ${bytes.length}${shown}\n`)
      else {
        const blocks = String(Math.ceil(bytes.length / 1024)).padStart(5)
        await process.print(`${String(bsdSum(bytes)).padStart(5, '0')} ${blocks}${shown}\n`)
      }
    } catch (error) {
      await complain(call, say(call, `${path}: ${words(error)}`, `${path}: ${words(error)}`))
      status = 1
    }
  }
  return status
}

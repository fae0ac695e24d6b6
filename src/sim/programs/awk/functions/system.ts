import { dateText } from '../../../linux/shell/strftime.ts'
import type { BuiltinCall } from './builtin.ts'

export const system = {
  async system({ files, process, text }: BuiltinCall) {
    await files.stdout.flush()
    const argv = ['sh', '-c', await text(0)]
    const status = await process.wait(process.spawn({ argv, file: '/bin/sh', env: process.env }))
    return status.code ?? 256
  },

  close: async ({ files, text }: BuiltinCall) => files.close(await text(0)),

  async fflush({ files }: BuiltinCall) {
    await files.flushAll()
    return 0
  },

  systime: ({ process }: BuiltinCall) => Math.floor(process.wallClock() / 1000),

  async strftime({ args, process, text, number }: BuiltinCall) {
    const format = args[0] ? await text(0) : '%a %b %e %H:%M:%S %Z %Y'
    return dateText(format, args[1] ? (await number(1)) * 1000 : process.wallClock())
  },
}

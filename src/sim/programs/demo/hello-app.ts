import type { Program } from '../../linux/process.ts'
import { runDaemon, textResponse } from '../http/daemon.ts'

/** Google's sample of the Ingress tutorial: says which Pod and which version answers. */
export const helloApp: Program = async (process) => {
  const version = process.env.get('HELLO_VERSION') ?? '1.0.0'
  const port = Number(process.env.get('PORT') || 8080)
  process.setMemory(4 * 2 ** 20)
  await process.printError(`Server listening on port ${port}\n`)
  const hostname = process.system.namespaces.uts.hostname
  return runDaemon(process, {
    listen: [
      {
        port,
        handler: async ({ target }) => {
          await process.compute(0.2)
          await process.printError(`Serving request: ${target.split('?')[0]}\n`)
          return textResponse(200, `Hello, world!\nVersion: ${version}\nHostname: ${hostname}\n`)
        },
      },
    ],
  })
}

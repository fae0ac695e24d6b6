import type { Program } from '../../linux/process.ts'
import { runDaemon, textResponse } from '../http/daemon.ts'
import { toText } from '../http/message.ts'

/** minikube's tutorial image: answers with the request it got. */
export const echoServer: Program = async (process) => {
  const port = Number(process.env.get('PORT') || 8080)
  process.setMemory(4 * 2 ** 20)
  await process.print(`Echo server listening on port ${port}.\n`)
  const hostname = process.system.namespaces.uts.hostname
  return runDaemon(process, {
    listen: [
      {
        port,
        handler: async ({ method, target, version, headers, body, connection }) => {
          await process.compute(0.2)
          await process.print(`${connection.remote.address}:${connection.remote.port} | ${method} ${target}\n`)
          const [host, ...others] = [...headers].sort(
            ([a], [b]) => Number(b.toLowerCase() === 'host') - Number(a.toLowerCase() === 'host') || (a < b ? -1 : 1),
          )
          const lines = [host, ...others].map((pair) => (pair ? `${pair[0]}: ${pair[1]}\n` : ''))
          const sent = body.length > 0 ? `\n${toText(body)}` : ''
          return textResponse(
            200,
            `Request served by ${hostname}\n\n${method} ${target} ${version}\n\n${lines.join('')}${sent}`,
          )
        },
      },
    ],
  })
}

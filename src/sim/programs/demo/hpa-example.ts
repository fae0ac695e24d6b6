import type { Program } from '../../linux/process.ts'
import { runDaemon } from '../http/daemon.ts'
import { commonLog } from '../httpd/static-site.ts'

/** CPU ms that one answer costs: a million square roots in PHP. */
const COST = 80

/** The web server of Kubernetes' own autoscaling example: every answer is hard work. */
export const hpaExample: Program = async (process) => {
  process.setMemory(11 * 2 ** 20)
  await process.printError(
    "AH00558: apache2: Could not reliably determine the server's fully qualified domain name. Set the 'ServerName' directive globally to suppress this message\n",
  )
  return runDaemon(process, {
    listen: [
      {
        port: 80,
        handler: async (request) => {
          await process.compute(COST)
          const response = { status: 200, headers: [['Content-Type', 'text/html']] as const, body: 'OK!' }
          await process.print(commonLog(process, request, response))
          return response
        },
      },
    ],
  })
}

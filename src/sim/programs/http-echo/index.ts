import type { Program } from '../../linux/process.ts'
import { listenHttp } from '../http/listen.ts'
import { logTime } from '../nginx/logs.ts'

/** hashicorp/http-echo: answers every request with the text it was given. */
export const httpEcho: Program = async (process) => {
  const options = new Map<string, string>()
  const args = process.argv.slice(1)
  for (let i = 0; i < args.length; i++) {
    const m = /^--?([\w-]+)(?:=(.*))?$/s.exec(args[i]!)
    if (m) options.set(m[1]!, m[2] ?? args[++i] ?? '')
  }
  const text = options.get('text') ?? process.env.get('ECHO_TEXT')
  if (!text) {
    await process.printError('Missing -text option!\n')
    return 127
  }
  const port = Number(/:(\d+)$/.exec(options.get('listen') ?? ':5678')?.[1] ?? 5678)
  const status = Number(options.get('status-code') ?? 200)
  const now = () => logTime(process.wallClock())
  await process.print(`${now()} [INFO] server is listening on :${port}\n`)
  process.on('SIGTERM', () => process.kill(process.pid, 'SIGKILL'))
  await listenHttp(process, { port }, async (request) => {
    await process.compute(0.1)
    const host = request.headers.find(([n]) => n.toLowerCase() === 'host')?.[1] ?? ''
    const { remote } = request.connection
    await process.print(
      `${now()} ${host} ${remote.address}:${remote.port} "${request.method} ${request.target} ${request.version}" ${status} ${text.length + 1} "-" 0s\n`,
    )
    return {
      status,
      headers: [
        ['X-App-Name', 'http-echo'],
        ['X-App-Version', '1.0.0'],
        ['Content-Type', 'text/plain; charset=utf-8'],
      ],
      body: `${text}\n`,
    }
  })
  return 0
}

import { Killed, SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import { listenHttp } from '../http/listen.ts'
import { errorLogTime } from '../httpd/index.ts'
import { localTime } from '../nginx/variables.ts'
import { Site } from './site.ts'

const FILES = [
  'index.php',
  'wp-login.php',
  'wp-settings.php',
  'wp-config-docker.php',
  'wp-config-sample.php',
  'license.txt',
  'readme.html',
]

/** The image's docker-entrypoint.sh: puts WordPress into /var/www/html, then runs the command. */
export const wordpressEntrypoint: Program = async (process) => {
  const command = process.argv.slice(1)
  const { files } = process
  if (/^(apache2|php-fpm)/.test(command[0] ?? '')) {
    if (!files.exists('/var/www/html/index.php')) {
      await process.printError('WordPress not found in /var/www/html - copying now...\n')
      for (const name of FILES) files.write(`/var/www/html/${name}`, `<?php // ${name}\n`)
      for (const name of ['wp-admin', 'wp-content', 'wp-includes'])
        if (!files.exists(`/var/www/html/${name}`)) files.mkdir(`/var/www/html/${name}`)
      await process.sleep(400)
      await process.printError('Complete! WordPress has been successfully copied to /var/www/html\n')
    }
    const configured = [...process.env.keys()].filter((n) => n.startsWith('WORDPRESS_'))
    if (configured.length > 0 && !files.exists('/var/www/html/wp-config.php')) {
      await process.printError(
        `No 'wp-config.php' found in /var/www/html, but 'WORDPRESS_...' variables supplied; copying 'wp-config-docker.php' (${configured.join(' ')})\n`,
      )
      files.write('/var/www/html/wp-config.php', '<?php // reads getenv_docker(...)\n')
    }
  }
  return process.exec({ argv: command })
}

/** apache2-foreground with PHP and WordPress behind it. */
export const wordpressServer: Program = async (process) => {
  const site = new Site(process, (name, fallback) => setting(process, name, fallback))
  process.setMemory(48 * 1024 * 1024)
  const log = (line: string) => process.printError(`${errorLogTime(process.wallClock())} ${line}\n`)
  await process.printError(
    "AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 127.0.0.1. Set the 'ServerName' directive globally to suppress this message\n",
  )
  const told = defer<number>(process.machine.world.waiting)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGWINCH'] as const) process.on(signal, () => told.resolve(0))
  listenHttp(process, { port: 80 }, async (request) => {
    const response = await site.answer(request)
    const agent = request.headers.find(([n]) => n.toLowerCase() === 'user-agent')?.[1] ?? '-'
    await process.print(
      `${request.connection.remote.address} - - [${localTime(process.wallClock())}] "${request.method} ${request.target} ${request.version}" ${response.status} ${response.body.length} "-" "${agent}"\n`,
    )
    return response
  }).catch(async (error) => {
    // Killed: the process has ended, nobody is left to be told.
    if (error instanceof Killed) return
    if (!(error instanceof SystemError)) throw error
    await process.printError(
      `(${error.errno})${error.message}: AH00072: make_sock: could not bind to address 0.0.0.0:80\n`,
    )
    told.resolve(1)
  })
  await log(
    `[mpm_prefork:notice] [pid ${process.pid}] AH00163: Apache/2.4.53 (Debian) PHP/7.4.29 configured -- resuming normal operations`,
  )
  await log(`[core:notice] [pid ${process.pid}] AH00094: Command line: 'apache2 -D FOREGROUND'`)
  const status = await told.promise
  if (status === 0)
    await log(`[mpm_prefork:notice] [pid ${process.pid}] AH00170: caught SIGWINCH, shutting down gracefully`)
  return status
}

function setting(process: Process, name: string, fallback: string): string {
  const file = process.env.get(`${name}_FILE`)
  if (file && process.files.exists(file)) return process.files.readText(file).trim()
  return process.env.get(name) ?? fallback
}

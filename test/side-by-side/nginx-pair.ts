import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Program } from '../../src/sim/linux/process.ts'
import { nginx } from '../../src/sim/programs/nginx/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import { CASES, type NginxCase } from './nginx-cases.ts'

/** The machine's own nginx. */
export const NGINX = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find(existsSync)
const version = NGINX && /nginx\/(\S+)/.exec(spawnSync(NGINX, ['-v'], { encoding: 'utf8' }).stderr)?.[1]

const drain = () => new Promise<void>((done) => setImmediate(done))
const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** Standard input to a port of this machine, and all that comes back. */
const rawHttp: Program = async (process) => {
  const connection = await process.net.connect({ address: '127.0.0.1', port: Number(process.argv[1]) })
  await connection.write(process.files.readBytes(process.argv[2]!))
  for (let piece = await connection.read(); piece.length > 0; piece = await connection.read())
    await process.stdout.write(piece)
  connection.close()
  return 0
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => done(port))
    })
  })

const askReal = (port: number, request: string) =>
  new Promise<string>((done, fail) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'))
    socket.on('data', (data) => {
      text += latin1(data)
    })
    socket.on('close', () => done(text))
    socket.on('error', fail)
  })

const hostOf = (i: number) => `case${i}`
function requestText(text: string, host: string): string {
  const [head = '', body = ''] = text.split('\n\n')
  const [line = '', ...headers] = head.split('\n')
  const own = headers.some((h) => /^host:/i.test(h)) ? [] : [`Host: ${host}`]
  return `${[line.includes(' ') ? `${line} HTTP/1.1` : line, ...own, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`
}

/** Without what no two runs have in common. */
const plain = (text: string) =>
  text
    .replace(/^(Date|Last-Modified|ETag|Expires): .*\r$/gm, '$1: …\r')
    .replace(/\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d/g, 'DATE')
    .replaceAll('\r\n', '\n')

export interface Answers {
  expected: string
  seen: string
}

/** A real nginx and a simulated one with the same configuration of all cases, on the same ports and paths. */
export async function startPair() {
  const dir = mkdtempSync(join(tmpdir(), 'kubebook-nginx-'))
  chmodSync(dir, 0o755)
  const [port, backend] = [await freePort(), await freePort()]
  const commands = new Map([
    ['raw-http', rawHttp],
    ['nginx', nginx],
  ])
  const world = await createWorld({ seed: 1, topology: 'none', account: 'root', commands, drain })
  const fill = (text: string, i: number) =>
    text
      .replaceAll('DIR', `${dir}/${i}`)
      .replaceAll('BACKEND', String(backend))
      .replaceAll('HOST', hostOf(i))
      .replaceAll('PORT', String(port))
  const serverOf = (each: NginxCase, i: number) =>
    `${fill(each.http ?? '', i)}\nserver { listen ${port}; server_name ${hostOf(i)};\n${fill(each.server, i)}\n}\n`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${dir}/tmp_${name};`)
    .join(' ')
  const put = async (path: string, content: string) => {
    mkdirSync(path.endsWith('/') ? path : dirname(path), { recursive: true })
    if (path.endsWith('/')) await world.script(`mkdir -p '${path}'`)
    else {
      writeFileSync(path, content)
      world.input({ type: 'write', path, content })
    }
  }
  for (const [i, each] of CASES.entries())
    for (const [name, content] of Object.entries(each.files ?? {})) await put(`${dir}/${i}/${name}`, content)
  await put(
    `${dir}/nginx.conf`,
    `error_log ${dir}/error.log; pid ${dir}/nginx.pid; events { }
http { ${temporary} access_log off;
${CASES.map(serverOf).join('')} }
`,
  )
  await world.script(`chmod -R a+rX ${dir}`)
  const real = spawn(NGINX!, ['-c', `${dir}/nginx.conf`, '-g', 'daemon off;'], { stdio: 'inherit' })
  for (let i = 0; i < 100 && !existsSync(`${dir}/nginx.pid`); i++) await new Promise((done) => setTimeout(done, 20))
  const begun = await world.script(`NGINX_VERSION=${version} nginx -c ${dir}/nginx.conf`)
  const words = (text: string) =>
    text.replace(/^\d{4}\/\S+ \S+ (\[\w+\]) \d+#\d+: /gm, 'TIME $1 ').replaceAll(dir, 'DIR')
  return {
    /** What the simulated one said when it began. */
    problem: begun.stdout + begun.stderr,
    async ask(i: number, request: string): Promise<Answers> {
      const text = requestText(request, hostOf(i))
      const expected = plain(await askReal(port, text))
      world.input({ type: 'write', path: `${dir}/request`, content: text })
      const answer = await world.script(`raw-http ${port} ${dir}/request`)
      return { expected, seen: plain(answer.stdout + answer.stderr) }
    },
    /** What `nginx -t` says of a whole configuration, and its status. */
    async check(configuration: string): Promise<Answers> {
      await put(
        `${dir}/t.conf`,
        `pid ${dir}/t.pid; error_log ${dir}/t.log;\n${configuration.replace('http {', `http {\n${temporary}\n`)}\n`,
      )
      const run = spawnSync(NGINX!, ['-t', '-c', `${dir}/t.conf`], { encoding: 'utf8' })
      const mine = await world.script(`nginx -t -c ${dir}/t.conf`)
      return { expected: `${words(run.stderr)}${run.status}`, seen: `${words(mine.stderr)}${mine.status}` }
    },
    stop() {
      real.kill('SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

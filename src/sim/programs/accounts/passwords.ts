import { digestOf } from '../../containers/images/sha256.ts'
import type { Process } from '../../linux/process.ts'

const SHADOW = '/etc/shadow'
/** The form of crypt's SHA-256 method; the digest itself is a plain one. */
const crypt = (name: string, password: string) => `$5$${name}$${digestOf(`${name}:${password}`).slice(7)}`

const lines = ({ files }: Process) => (files.exists(SHADOW) ? files.readText(SHADOW).split('\n').filter(Boolean) : [])

/** Whether this is the account's password; an account without one has none that fits. Needs the rights to /etc/shadow. */
export function isPassword(process: Process, name: string, password: string): boolean {
  const line = lines(process).find((each) => each.startsWith(`${name}:`))
  return line?.split(':')[1] === crypt(name, password)
}

export function setPassword(process: Process, name: string, password: string): void {
  const all = lines(process)
  const at = all.findIndex((each) => each.startsWith(`${name}:`))
  const rest = at < 0 ? '20000:0:99999:7:::' : all[at]!.split(':').slice(2).join(':')
  all.splice(at < 0 ? all.length : at, at < 0 ? 0 : 1, `${name}:${crypt(name, password)}:${rest}`)
  process.files.write(SHADOW, all.map((each) => `${each}\n`).join(''))
}

/** Asks on the terminal, or reads a line of standard input, without showing what is typed. */
export async function askPassword(process: Process, prompt: string): Promise<string> {
  await process.printError(prompt)
  const { tty } = process.stdin
  if (tty) tty.modes = { ...tty.modes, echo: false }
  const decoder = new TextDecoder()
  let typed = ''
  while (!typed.includes('\n')) {
    const bytes = await process.stdin.read(1)
    if (bytes.length === 0) break
    typed += decoder.decode(bytes, { stream: true })
  }
  if (tty) tty.modes = { ...tty.modes, echo: true }
  await process.printError('\n')
  return typed.replace(/\n$/, '')
}

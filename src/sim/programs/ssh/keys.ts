import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { userById } from '../applet/users.ts'
import { runOver } from './connect.ts'
import { parseDestination } from './destination.ts'

const NAMES: Readonly<Record<string, string>> = { rsa: 'RSA 3072', ed25519: 'ED25519 256', ecdsa: 'ECDSA 256' }

function base64Noise(random: { hex(digits: number): string }, length: number): string {
  return btoa(random.hex(length)).replace(/=/g, '').slice(0, length)
}

/** Makes a key pair: two files in OpenSSH's layout (the numbers in them are noise). */
export const sshKeygen: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 't:b:f:N:C:P:qyR:lA' })
  const type = options.get('t') ?? 'rsa'
  if (!NAMES[type]) throw new AppletError('', 255, `unknown key type ${type}\n`)
  if (options.has('y') || options.has('R') || options.has('l') || options.has('A'))
    throw new AppletError('not simulated: only making keys')
  const home = process.env.get('HOME') ?? '/root'
  const file = options.get('f') ?? `${home}/.ssh/id_${type}`
  const user = userById(process, process.credentials.uid)?.name ?? 'root'
  const comment = options.get('C') ?? `${user}@${process.system.namespaces.uts.hostname}`
  const quiet = options.has('q')
  if (!quiet) await process.print(`Generating public/private ${type} key pair.\n`)
  if (process.files.exists(file)) {
    await process.print(`${file} already exists.\nOverwrite (y/n)? `)
    const answer = new TextDecoder().decode(await process.stdin.read())
    if (!answer.startsWith('y')) return 1
  }
  const slash = file.lastIndexOf('/')
  if (slash > 0 && !process.files.exists(file.slice(0, slash))) {
    process.files.mkdir(file.slice(0, slash), { mode: 0o700 })
    if (!quiet) await process.print(`Created directory '${file.slice(0, slash)}'.\n`)
  }
  const key = `AAAA${base64Noise(process.random, type === 'rsa' ? 540 : 64)}`
  const body = base64Noise(process.random, type === 'rsa' ? 2000 : 280)
    .match(/.{1,70}/g)!
    .join('\n')
  const armour = (word: string) => `-----${word} OPENSSH PRIVATE KEY-----\n`
  process.files.write(file, `${armour('BEGIN')}${body}\n${armour('END')}`, { mode: 0o600 })
  process.files.write(`${file}.pub`, `ssh-${type} ${key} ${comment}\n`, { mode: 0o644 })
  await process.compute(type === 'rsa' ? 300 : 5)
  if (quiet) return 0
  const art = Array.from(
    { length: 9 },
    () =>
      `|${base64Noise(process.random, 17)
        .replace(/[A-Za-z]/g, ' ')
        .replace(/\d/g, 'o')
        .padEnd(17)}|\n`,
  ).join('')
  await process.print(
    `Your identification has been saved in ${file}\nYour public key has been saved in ${file}.pub\nThe key fingerprint is:\nSHA256:${base64Noise(process.random, 43)} ${comment}\nThe key's randomart image is:\n+---[${NAMES[type]}]${'-'.repeat(13 - NAMES[type]!.length)}+\n${art}+----[SHA256]-----+\n`,
  )
  return 0
}

/** Adds one's public keys to an account's authorized_keys on another machine. */
export const sshCopyId: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'i:p:fno:s' })
  const [where] = options.operands
  if (where === undefined)
    throw new AppletError(
      '',
      1,
      'Usage: /usr/bin/ssh-copy-id [-h|-?|-f|-n|-s] [-i [identity_file]] [-p port] [[-o <ssh -o options>] ...] [user@]hostname\n',
    )
  const folder = `${process.env.get('HOME') ?? '/root'}/.ssh`
  const files = options.has('i')
    ? [options.get('i')!.replace(/(\.pub)?$/, '.pub')]
    : process.files.exists(folder)
      ? process.files
          .list(folder)
          .map((each) => `${folder}/${each.name}`)
          .filter((name) => name.endsWith('.pub'))
      : []
  if (files.length === 0) throw new AppletError('', 1, '/usr/bin/ssh-copy-id: ERROR: No identities found\n')
  await process.printError(`/usr/bin/ssh-copy-id: INFO: Source of key(s) to be installed: "${files.at(-1)}"\n`)
  const keys = files.map((file) => process.files.readBytes(file))
  const to = parseDestination(process, where, undefined, Number(options.get('p') ?? 22))
  for (const key of keys)
    await runOver(process, to, 'mkdir -p ~/.ssh && chmod 700 ~/.ssh && cat >> ~/.ssh/authorized_keys', key)
  await process.print(
    `\nNumber of key(s) added: ${keys.length}\n\nNow try logging into the machine, with:   "ssh '${where}'"\nand check to make sure that only the key(s) you wanted were added.\n\n`,
  )
  return 0
}

import { type Applet, type AppletCall, AppletError } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'
import { makeCertificate, makeRequest, nameText, parseSubject, readCertificate, readRequest } from './certificate.ts'
import { toPem } from './der.ts'
import { keyBits, makeRsaKey, publicKeyOf } from './rsa-key.ts'

const VERSION = 'OpenSSL 3.0.15 3 Sep 2024 (Library: OpenSSL 3.0.15 3 Sep 2024)\n'

/** Options that take a value, of all subcommands; openssl knows them with one or two dashes. */
const VALUED = new Set(
  'in out inform outform newkey keyout key subj days set_serial CA CAkey CAserial extfile extensions addext config passin passout algorithm pkeyopt hex_bytes'.split(
    ' ',
  ),
)

interface Call {
  readonly call: AppletCall
  readonly command: string
  readonly options: ReadonlyMap<string, string>
  readonly operands: readonly string[]
}

function parse(call: AppletCall): Call {
  const [command = '', ...words] = call.args
  const options = new Map<string, string>()
  const operands: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (!word.startsWith('-')) operands.push(word)
    else {
      const key = word.replace(/^--?/, '')
      options.set(key, VALUED.has(key) ? (words[++i] ?? '') : '')
    }
  }
  return { call, command, options, operands }
}

async function input({ call, options }: Call, what: string): Promise<string> {
  const path = options.get('in')
  try {
    return await readInputText(call.process, path ?? '-')
  } catch {
    throw new AppletError('', 1, `Could not open file or uri for loading ${what} from ${path}\n`)
  }
}

async function output({ call, options }: Call, text: string, mode = 0o644): Promise<void> {
  const path = options.get('out')
  if (path === undefined) await call.process.print(text)
  else call.process.files.write(path, text, { mode })
}

function readKey({ call }: Call, path: string): readonly number[] {
  let pem = ''
  try {
    pem = call.process.files.readText(path)
  } catch {
    // The message below says it.
  }
  const key = publicKeyOf(pem)
  if (!key) throw new AppletError('', 1, `Could not read private key from ${path}\n`)
  return key
}

async function newKey(at: Call, bits: number, traditional = false): Promise<string> {
  if (!(bits >= 512)) throw new AppletError('', 1, `genrsa: Error: bad number of bits\n`)
  await at.call.process.compute(bits / 10)
  return makeRsaKey(at.call.process.random, bits, traditional)
}

async function genrsa(at: Call): Promise<number> {
  await output(at, await newKey(at, Number(at.operands[0] ?? 2048), at.options.has('traditional')), 0o600)
  return 0
}

async function rsa(at: Call): Promise<number> {
  const pem = await input(at, 'private key')
  const key = publicKeyOf(pem)
  if (!key) throw new AppletError('', 1, `Could not read private key from ${at.options.get('in') ?? '<stdin>'}\n`)
  await at.call.process.printError('writing RSA key\n')
  await output(at, at.options.has('pubout') ? toPem('PUBLIC KEY', key) : pem, 0o600)
  return 0
}

/** A request, or with -x509 a certificate that signs itself. */
async function req(at: Call): Promise<number> {
  const { call, options } = at
  const { process } = call
  if (options.has('in')) {
    const request = readRequest(await input(at, 'certificate request'))
    if (!request) throw new AppletError('', 1, `Could not read certificate request from ${options.get('in')}\n`)
    await process.print(`subject=${nameText(request.subject)}\n`)
    return 0
  }
  const subject = parseSubject(options.get('subj') ?? '')
  if (!subject) {
    if (options.has('subj'))
      throw new AppletError(
        '',
        1,
        `req: subject name is expected to be in the format /type0=value0/type1=value1/type2=... where characters may be escaped by \\. This name is not in that format: '${options.get('subj')}'\n`,
      )
    throw new AppletError('not simulated: asking for the subject; give it with -subj')
  }
  const wanted = options.get('newkey')
  let key: readonly number[]
  if (options.has('key') && wanted === undefined) key = readKey(at, options.get('key')!)
  else {
    const pem = await newKey(at, Number(/^rsa:(\d+)$/.exec(wanted ?? 'rsa:2048')?.[1] ?? Number.NaN))
    process.files.write(options.get('keyout') ?? 'privkey.pem', pem, { mode: 0o600 })
    key = publicKeyOf(pem)!
  }
  const days = Number(options.get('days') ?? 30)
  const text = options.has('x509')
    ? makeCertificate(process.random, {
        subject,
        issuer: subject,
        publicKey: key,
        from: process.wallClock(),
        days,
        authority: true,
      })
    : makeRequest(process.random, subject, key)
  await output(at, text)
  return 0
}

async function x509(at: Call): Promise<number> {
  const { call, options } = at
  const { process } = call
  const pem = await input(at, 'certificate')
  if (options.has('req')) return sign(at, pem)
  const facts = readCertificate(pem)
  if (!facts) throw new AppletError('', 1, `Could not read certificate from ${options.get('in') ?? '<stdin>'}\n`)
  const lines: Record<string, () => string> = {
    subject: () => `subject=${nameText(facts.subject)}`,
    issuer: () => `issuer=${nameText(facts.issuer)}`,
    serial: () => `serial=${facts.serial}`,
    dates: () => `notBefore=${facts.from}\nnotAfter=${facts.until}`,
    startdate: () => `notBefore=${facts.from}`,
    enddate: () => `notAfter=${facts.until}`,
    text: () =>
      `Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            ${facts.serial.match(/../g)?.join(':').toLowerCase()}\n        Signature Algorithm: sha256WithRSAEncryption\n        Issuer: ${nameText(facts.issuer)}\n        Validity\n            Not Before: ${facts.from}\n            Not After : ${facts.until}\n        Subject: ${nameText(facts.subject)}\n        Subject Public Key Info:\n            Public Key Algorithm: rsaEncryption\n                Public-Key: (${keyBits(facts.publicKey)} bit)`,
  }
  for (const option of options.keys()) if (lines[option]) await process.print(`${lines[option]()}\n`)
  if (!options.has('noout')) await output(at, pem)
  return 0
}

/** `x509 -req`: an authority makes a certificate of a request. */
async function sign(at: Call, pem: string): Promise<number> {
  const { call, options } = at
  const request = readRequest(pem)
  if (!request)
    throw new AppletError('', 1, `Could not read certificate request from ${options.get('in') ?? '<stdin>'}\n`)
  const path = options.get('CA')
  let issuer = request.subject
  if (path !== undefined) {
    let text = ''
    try {
      text = call.process.files.readText(path)
    } catch {
      // The message below says it.
    }
    const authority = readCertificate(text)
    if (!authority) throw new AppletError('', 1, `Could not read CA certificate from ${path}\n`)
    issuer = authority.subject
  }
  await call.process.printError(`Certificate request self-signature ok\nsubject=${nameText(request.subject)}\n`)
  await output(
    at,
    makeCertificate(call.process.random, {
      subject: request.subject,
      issuer,
      publicKey: [...request.publicKey],
      from: call.process.wallClock(),
      days: Number(options.get('days') ?? 30),
      authority: false,
    }),
  )
  return 0
}

const MOST_RANDOM = 65_536

async function rand(at: Call): Promise<number> {
  const count = Number(at.operands[0] ?? 0)
  if (!at.options.has('hex') && !at.options.has('base64'))
    throw new AppletError('not simulated: rand without -hex or -base64')
  if (count > MOST_RANDOM) throw new AppletError(`not simulated: more than ${MOST_RANDOM} random bytes`)
  const hex = at.call.process.random.hex(count * 2)
  if (at.options.has('hex')) await output(at, `${hex}\n`)
  else {
    const bytes = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
    await output(at, `${btoa(String.fromCharCode(...bytes)).replace(/.{64}(?=.)/g, '$&\n')}\n`)
  }
  return 0
}

const COMMANDS: Readonly<Record<string, (at: Call) => Promise<number>>> = { genrsa, rsa, req, x509, rand }

/** Keys, requests and certificates: right in shape and size, with noise for numbers. */
export const openssl: Applet = async (call) => {
  const at = parse(call)
  if (at.command === 'version') {
    await call.process.print(VERSION)
    return 0
  }
  const command = COMMANDS[at.command]
  if (!command) throw new AppletError(`not simulated: openssl ${at.command}`)
  return command(at)
}

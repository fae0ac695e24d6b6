import { CliError } from '../../errors/errors.ts'
import { array, bool, type FlagSpec, list } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'

/** Bytes under keys: what config maps and secrets are made from. */
export type KeyValues = Map<string, Uint8Array>

export const keyValueFlags = (what: string): FlagSpec[] => [
  bool('append-hash', `Append a hash of the ${what} to its name.`),
  list('from-env-file', `Specify the path to a file to read lines of key=val pairs to create a ${what}.`),
  list(
    'from-file',
    `Key file can be specified using its file path, in which case file basename will be used as ${what} key, or optionally with a key and file path, in which case the given key will be used.  Specifying a directory will iterate each named file in the directory whose basename is a valid ${what} key.`,
  ),
  array('from-literal', `Specify a key and literal value to insert in ${what} (i.e. mykey=somevalue)`),
]

const encoder = new TextEncoder()
const KEY = /^[-._a-zA-Z0-9]+$/

/** Reads `--from-literal`, `--from-file` and `--from-env-file`. `kind` and `name` are for the words of errors. */
export function keyValues(session: Session, kind: string, name: string): KeyValues {
  const values: KeyValues = new Map()
  const { flags } = session
  if (
    flags.list('from-env-file').length > 0 &&
    (flags.list('from-file').length > 0 || flags.list('from-literal').length > 0)
  ) {
    throw new CliError('from-env-file cannot be combined with from-file or from-literal')
  }
  const add = (key: string, value: Uint8Array) => {
    if (!KEY.test(key) || key === '.' || key === '..') throw new CliError(invalidKey(key, kind))
    if (values.has(key)) {
      throw new CliError(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ${kind} ${JSON.stringify(name)}`,
      )
    }
    values.set(key, value)
  }
  for (const source of flags.list('from-file')) addFile(session, source, add)
  for (const literal of flags.list('from-literal')) {
    const eq = literal.indexOf('=')
    if (eq <= 0) throw new CliError(`invalid literal source ${literal}, expected key=value`)
    add(literal.slice(0, eq), encoder.encode(unquote(literal.slice(eq + 1))))
  }
  for (const path of flags.list('from-env-file')) addEnvFile(session, path, add)
  return values
}

function invalidKey(key: string, kind: string): string {
  const what = kind === 'ConfigMap' ? 'a ConfigMap' : 'a Secret'
  return `${JSON.stringify(key)} is not a valid key name for ${what}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`
}

const unquote = (text: string) => (/^(['"]).*\1$/.test(text) && text.length >= 2 ? text.slice(1, -1) : text)

type Add = (key: string, value: Uint8Array) => void

function addFile(session: Session, source: string, add: Add) {
  const eq = source.indexOf('=')
  const [key, path] =
    eq < 0 ? [source.replace(/\/+$/, '').split('/').at(-1)!, source] : [source.slice(0, eq), source.slice(eq + 1)]
  if (eq === 0) throw new CliError(`key name for file path ${path} missing`)
  if (eq > 0 && path === '') throw new CliError(`file path for key name ${key} missing`)
  const { files } = session.process
  if (!files.exists(path)) throw new CliError(`error reading ${path}: no such file or directory`)
  if (files.stat(path).type !== 'directory') return add(key, files.readBytes(path))
  if (eq >= 0) throw new CliError('cannot give a key name for a directory path')
  const folder = path.replace(/\/+$/, '')
  const names = files.list(path).map((entry) => entry.name)
  for (const name of names.sort()) {
    if (files.stat(`${folder}/${name}`).type === 'file' && KEY.test(name))
      add(name, files.readBytes(`${folder}/${name}`))
  }
}

function addEnvFile(session: Session, path: string, add: Add): void {
  const { files, env } = session.process
  if (!files.exists(path)) throw new CliError(`error reading ${path}: no such file or directory`)
  if (files.stat(path).type === 'directory') throw new CliError(`env config file cannot be a directory`)
  for (const line of files.readText(path).split('\n')) {
    const text = line.replace(/\r$/, '').replace(/^\s+/, '')
    if (text === '' || text.startsWith('#')) continue
    const eq = text.indexOf('=')
    const key = eq < 0 ? text : text.slice(0, eq)
    if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key)) {
      throw new CliError(
        `${JSON.stringify(key)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
      )
    }
    if (eq >= 0) add(key, encoder.encode(text.slice(eq + 1)))
    else if (env.has(key)) add(key, encoder.encode(env.get(key)!))
  }
}

/** The text, or undefined when the bytes are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

export const sortedEntries = (values: KeyValues) => [...values].sort(([a], [b]) => (a < b ? -1 : 1))

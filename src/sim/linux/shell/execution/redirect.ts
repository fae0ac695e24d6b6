import type { Redirect, Redirection } from 'unbash'
import { SystemError } from '../../errors.ts'
import type { OpenFile, OpenOptions } from '../../file.ts'
import { encodeText } from '../bytes.ts'
import { ShellError } from '../control.ts'
import { expandBody, expandText, expandWords } from '../expansion/expand.ts'
import { assign } from '../expansion/lookup.ts'
import { HereDocument } from '../here-document.ts'
import type { Shell } from '../shell.ts'

/** Descriptors changed by redirections, so that they can be put back. */
export class Redirected {
  readonly #fds: Map<number, OpenFile>
  readonly #before = new Map<number, OpenFile | undefined>()
  readonly #opened: OpenFile[] = []

  constructor(fds: Map<number, OpenFile>) {
    this.#fds = fds
  }

  set(fd: number, file: OpenFile | undefined, opened: boolean): void {
    if (!this.#before.has(fd)) this.#before.set(fd, this.#fds.get(fd))
    if (file) this.#fds.set(fd, file)
    else this.#fds.delete(fd)
    if (!file) return
    if (!opened) file.retain()
    this.#opened.push(file)
  }

  get(fd: number): OpenFile | undefined {
    return this.#fds.get(fd)
  }

  /** Puts everything back and closes what was opened. */
  restore(): void {
    for (const [fd, file] of this.#before) {
      if (file) this.#fds.set(fd, file)
      else this.#fds.delete(fd)
    }
    this.close()
  }

  /** Closes what was opened (the table itself is given up). */
  close(): void {
    for (const file of this.#opened.splice(0)) file.release()
  }

  /** Keeps the changes (`exec >file`): closes what was there before, and what was opened on the way. */
  keep(): void {
    for (const file of this.#before.values()) file?.release()
    const kept = [...this.#before.keys()].map((fd) => this.#fds.get(fd))
    for (const file of this.#opened.splice(0)) {
      const at = kept.indexOf(file)
      if (at >= 0) kept.splice(at, 1)
      else file.release()
    }
  }
}

/** Performs redirections on a descriptor table. On an error everything is put back. */
export async function redirect(
  shell: Shell,
  redirections: readonly Redirection[],
  fds: Map<number, OpenFile>,
): Promise<Redirected> {
  const done = new Redirected(fds)
  try {
    for (const redirection of redirections) await redirectOne(shell, redirection, done, fds)
  } catch (error) {
    done.restore()
    throw error
  }
  return done
}

async function redirectOne(
  shell: Shell,
  redirection: Redirection,
  done: Redirected,
  fds: Map<number, OpenFile>,
): Promise<void> {
  const output = redirection.type === 'Redirect' && redirection.operator[0] !== '<'
  const both = redirection.type === 'Redirect' && (redirection.operator === '&>' || redirection.operator === '&>>')
  const fd = descriptorOf(shell, redirection, output ? 1 : 0, fds)
  if (redirection.type === 'HereDoc') {
    const { quoted } = redirection.delimiter ?? { quoted: false }
    let text = redirection.body.text
    if (redirection.operator === '<<-') text = text.replace(/^\t+/gm, '')
    if (!quoted)
      text = await expandBody(shell, text, redirection.operator === '<<-' ? undefined : redirection.body.parts)
    done.set(fd, new HereDocument(encodeText(text)), true)
    return
  }
  if (redirection.type === 'HereString') {
    const text = redirection.target ? await expandText(shell, redirection.target) : ''
    done.set(fd, new HereDocument(encodeText(`${text}\n`)), true)
    return
  }
  const target = await targetText(shell, redirection)
  if (redirection.operator === '>&' || redirection.operator === '<&') {
    if (/^\d+-?$|^-$/.test(target)) {
      duplicate(shell, done, fd, target)
      return
    }
    if (redirection.operator === '<&' || redirection.descriptor)
      throw new ShellError(`${target}: ambiguous redirect`, 1, false)
    done.set(1, openTarget(shell, target, '>'), true)
    done.set(2, done.get(1), false)
    return
  }
  const file = openTarget(shell, target, both ? (redirection.operator === '&>' ? '>' : '>>') : redirection.operator)
  done.set(both ? 1 : fd, file, true)
  if (both) done.set(2, file, false)
}

function descriptorOf(shell: Shell, redirection: Redirection, usual: number, fds: Map<number, OpenFile>): number {
  const { descriptor } = redirection
  if (!descriptor) return usual
  if (descriptor.type === 'FileDescriptor') return descriptor.value
  const closing = redirection.type === 'Redirect' && redirection.target?.text === '-'
  if (closing) return Number(shell.variables.get(descriptor.name) ?? -1)
  let free = 10
  while (fds.has(free)) free++
  assign(shell, descriptor.name, String(free), { number: Number })
  return free
}

async function targetText(shell: Shell, redirection: Redirect): Promise<string> {
  if (!redirection.target) return ''
  if (!shell.isBash) return expandText(shell, redirection.target)
  const words = await expandWords(shell, [redirection.target])
  if (words.length !== 1) throw new ShellError(`${redirection.target.text}: ambiguous redirect`, 1, false)
  return words[0]!
}

function duplicate(shell: Shell, done: Redirected, fd: number, target: string): void {
  if (target === '-') {
    done.set(fd, undefined, false)
    return
  }
  const source = Number.parseInt(target, 10)
  const file = done.get(source)
  if (!file) throw new ShellError(`${source}: Bad file descriptor`, shell.dialect === 'dash' ? 2 : 1, false)
  done.set(fd, file, false)
  if (target.endsWith('-') && source !== fd) done.set(source, undefined, false)
}

const MODES: Readonly<Record<string, OpenOptions>> = {
  '<': { read: true },
  '>': { write: true, create: true, truncate: true },
  '>|': { write: true, create: true, truncate: true },
  '>>': { write: true, create: true, append: true },
  '<>': { read: true, write: true, create: true },
}

function openTarget(shell: Shell, path: string, operator: string): OpenFile {
  const known = shell.openDescriptorPath(path)
  if (known) {
    known.retain()
    return known
  }
  const { files } = shell.process
  if (operator === '>' && shell.options.has('noclobber') && files.exists(path) && files.stat(path).type === 'file') {
    const words = shell.isBash
      ? `${path}: cannot overwrite existing file`
      : shell.dialect === 'ash'
        ? `can't create ${path}: File exists`
        : `cannot create ${path}: File exists`
    throw new ShellError(words, shell.dialect === 'dash' ? 2 : 1, false)
  }
  try {
    return files.open(path, MODES[operator] ?? MODES['>']!)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new ShellError(openFailure(shell, path, operator, error), shell.dialect === 'dash' ? 2 : 1, false)
  }
}

function openFailure(shell: Shell, path: string, operator: string, error: SystemError): string {
  if (shell.isBash) return `${path}: ${error.message}`
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR'
  if (shell.dialect === 'ash') {
    if (operator === '<') return `can't open ${path}: ${missing ? 'no such file' : error.message}`
    return `can't create ${path}: ${missing ? 'nonexistent directory' : error.message}`
  }
  if (operator === '<') return `cannot open ${path}: ${missing ? 'No such file' : error.message}`
  return `cannot create ${path}: ${missing ? 'Directory nonexistent' : error.message}`
}

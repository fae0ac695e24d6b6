import type { Stat } from '../../file.ts'
import type { Process } from '../../process.ts'

/** What file tests need: a shell, or just a process. */
interface Context {
  readonly process: Process
  readonly options?: Set<string>
  readonly variables?: {
    lookup(name: string):
      | {
          value: string | undefined
          indexed?: Map<number, string>
          associative?: Map<string, string>
          reference?: boolean
        }
      | undefined
    get(name: string): string | undefined
  }
}

const UNARY = new Set([
  '-a',
  '-b',
  '-c',
  '-d',
  '-e',
  '-f',
  '-g',
  '-h',
  '-k',
  '-n',
  '-o',
  '-p',
  '-r',
  '-s',
  '-t',
  '-u',
  '-v',
  '-w',
  '-x',
  '-z',
  '-G',
  '-L',
  '-N',
  '-O',
  '-R',
  '-S',
])

export const isUnaryOperator = (text: string): boolean => UNARY.has(text)

/** `-f FILE`, `-n TEXT` and the like. */
export function fileTest({ process, options, variables }: Context, operator: string, operand: string): boolean {
  const { files } = process
  switch (operator) {
    case '-n':
      return operand !== ''
    case '-z':
      return operand === ''
    case '-t':
      return process.fds.get(Number(operand))?.tty !== undefined
    case '-o':
      return options?.has(operand) ?? false
    case '-v': {
      const match = /^(\w+)(?:\[(.*)\])?$/.exec(operand)
      const variable = match && variables?.lookup(match[1]!)
      if (!variable) return false
      if (match[2] === undefined) return variables!.get(match[1]!) !== undefined
      if (variable.associative) return variable.associative.has(match[2])
      return variable.indexed?.has(Number(match[2])) ?? match[2] === '0'
    }
    case '-R':
      return variables?.lookup(operand)?.reference ?? false
    case '-r':
      return operand !== '' && files.access(operand, { read: true })
    case '-w':
      return operand !== '' && files.access(operand, { write: true })
    case '-x':
      return operand !== '' && files.access(operand, { execute: true })
    case '-h':
    case '-L':
      return statOf(() => files.lstat(operand))?.type === 'symlink'
  }
  if (operand === '') return false
  const standard = ['/dev/stdin', '/dev/stdout', '/dev/stderr'].indexOf(operand)
  const fd = standard >= 0 ? ['', String(standard)] : /^\/dev\/fd\/(\d+)$/.exec(operand)
  const stat = statOf(() =>
    fd && process.fds.has(Number(fd[1])) ? process.fds.get(Number(fd[1]))!.stat() : files.stat(operand),
  )
  if (!stat) return false
  switch (operator) {
    case '-a':
    case '-e':
      return true
    case '-f':
      return stat.type === 'file'
    case '-d':
      return stat.type === 'directory'
    case '-b':
      return stat.type === 'block'
    case '-c':
      return stat.type === 'character'
    case '-p':
      return stat.type === 'fifo'
    case '-S':
      return stat.type === 'socket'
    case '-s':
      return stat.size > 0
    case '-g':
      return (stat.mode & 0o2000) !== 0
    case '-u':
      return (stat.mode & 0o4000) !== 0
    case '-k':
      return (stat.mode & 0o1000) !== 0
    case '-O':
      return stat.uid === process.credentials.uid
    case '-G':
      return stat.gid === process.credentials.gid
    case '-N':
      return stat.modified > stat.accessed
    default:
      return false
  }
}

function statOf(read: () => Stat): Stat | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Binary operators on texts and files; undefined when it is none. Number comparisons are not here. */
export function compareStrings(
  { process }: Context,
  operator: string,
  left: string,
  right: string,
): boolean | undefined {
  const stat = (path: string) => statOf(() => process.files.stat(path))
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-nt': {
      const [a, b] = [stat(left), stat(right)]
      return a !== undefined && (b === undefined || a.modified > b.modified)
    }
    case '-ot': {
      const [a, b] = [stat(left), stat(right)]
      return b !== undefined && (a === undefined || a.modified < b.modified)
    }
    case '-ef': {
      const [a, b] = [stat(left), stat(right)]
      return a !== undefined && b !== undefined && a.inode === b.inode && a.device === b.device
    }
    default:
      return undefined
  }
}

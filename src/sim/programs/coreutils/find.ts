import { SystemError } from '../../linux/errors.ts'
import type { Stat } from '../../linux/file.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { patternMatcher } from '../../linux/shell/pattern.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { modeText } from '../applet/mode.ts'
import { groupByName, Names, userByName } from '../applet/users.ts'

interface Item {
  path: string
  name: string
  stat: Stat
  depth: number
  root: string
}

type Test = (item: Item) => boolean | Promise<boolean>

interface Search {
  maxDepth: number
  minDepth: number
  depthFirst: boolean
  follow: boolean
  xdev: boolean
  prune: boolean
  quit: boolean
  status: number
  batches: { words: string[]; paths: string[] }[]
}

export const find: Applet = async (call) => {
  const args = [...call.args]
  const search: Search = {
    maxDepth: Number.POSITIVE_INFINITY,
    minDepth: 0,
    depthFirst: false,
    follow: false,
    xdev: false,
    prune: false,
    quit: false,
    status: 0,
    batches: [],
  }
  while (args[0] === '-L' || args[0] === '-H' || args[0] === '-P') search.follow = args.shift() === '-L'
  const roots: string[] = []
  while (args.length > 0 && !/^[-(!]/.test(args[0]!)) roots.push(args.shift()!)
  const parser = new Parser(call, args, search)
  const test = parser.parse()
  for (const root of roots.length > 0 ? roots : ['.']) {
    if (search.quit) break
    await visit(call, root, root, 0, test, search, undefined)
  }
  for (const batch of search.batches) if (batch.paths.length > 0) await runCommand(call, batch.words, batch.paths)
  return search.status
}

async function visit(
  call: AppletCall,
  path: string,
  root: string,
  depth: number,
  test: Test,
  search: Search,
  device: number | undefined,
): Promise<void> {
  const { files } = call.process
  let stat: Stat
  try {
    stat = files.lstat(path)
    if (search.follow && stat.type === 'symlink' && files.exists(path)) stat = files.stat(path)
  } catch (error) {
    await complain(
      call,
      say(call, `${depth === 0 ? curly(path) : curly(path)}: ${words(error)}`, `${path}: ${words(error)}`),
    )
    search.status = 1
    return
  }
  const item: Item = { path, name: path.replace(/\/+$/, '').replace(/^.*\//, '') || '/', stat, depth, root }
  search.prune = false
  if (!search.depthFirst && depth >= search.minDepth) await test(item)
  if (search.quit) return
  const { prune } = search
  if (
    stat.type === 'directory' &&
    depth < search.maxDepth &&
    !(prune && !search.depthFirst) &&
    !(search.xdev && device !== undefined && stat.device !== device)
  ) {
    try {
      for (const entry of files.list(path)) {
        await visit(
          call,
          `${path === '/' ? '' : path.replace(/\/$/, '')}/${entry.name}`,
          root,
          depth + 1,
          test,
          search,
          device ?? stat.device,
        )
        if (search.quit) return
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      await complain(call, say(call, `${curly(path)}: ${error.message}`, `${path}: ${error.message}`))
      search.status = 1
    }
  }
  if (search.depthFirst && depth >= search.minDepth) await test(item)
}

async function runCommand(
  { process, ...call }: AppletCall,
  command: readonly string[],
  paths: readonly string[],
): Promise<boolean> {
  const argv =
    paths.length === 1 && command.some((word) => word.includes('{}')) && command.at(-1) !== '{}+'
      ? command.map((word) => word.replaceAll('{}', paths[0]!))
      : [...command.filter((word) => word !== '{}'), ...paths]
  try {
    return (await process.wait(process.spawn({ argv }))).code === 0
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await process.printError(
      say(call, `find: ${curly(argv[0]!)}: ${error.message}\n`, `find: ${argv[0]}: ${error.message}\n`),
    )
    return false
  }
}

const TYPES: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  c: 'character',
  b: 'block',
}

class Parser {
  readonly #call: AppletCall
  readonly #args: readonly string[]
  readonly #search: Search
  #at = 0
  #acts = false

  constructor(call: AppletCall, args: readonly string[], search: Search) {
    this.#call = call
    this.#args = args
    this.#search = search
  }

  parse(): Test {
    if (this.#args.length === 0) return (item) => this.#print(item, '\n')
    const test = this.#or()
    if (this.#at < this.#args.length)
      throw new AppletError(
        say(
          this.#call,
          `paths must precede expression: \`${this.#args[this.#at]}'`,
          `unrecognized: ${this.#args[this.#at]}`,
        ),
      )
    if (this.#acts) return test
    return async (item) => (await test(item)) && this.#print(item, '\n')
  }

  #or(): Test {
    let left = this.#and()
    while (this.#args[this.#at] === '-o' || this.#args[this.#at] === '-or') {
      this.#at++
      const [a, b] = [left, this.#and()]
      left = async (item) => (await a(item)) || b(item)
    }
    return left
  }

  #and(): Test {
    let left = this.#not()
    while (this.#at < this.#args.length && ![')', '-o', '-or', ','].includes(this.#args[this.#at]!)) {
      if (this.#args[this.#at] === '-a' || this.#args[this.#at] === '-and') this.#at++
      const [a, b] = [left, this.#not()]
      left = async (item) => (await a(item)) && b(item)
    }
    return left
  }

  #not(): Test {
    const word = this.#args[this.#at]
    if (word === '!' || word === '-not') {
      this.#at++
      const inner = this.#not()
      return async (item) => !(await inner(item))
    }
    if (word === '(') {
      this.#at++
      const inner = this.#or()
      if (this.#args[this.#at++] !== ')')
        throw new AppletError(
          say(
            this.#call,
            "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
            "unmatched '('",
          ),
        )
      return inner
    }
    return this.#primary()
  }

  #value(name: string): string {
    const value = this.#args[this.#at++]
    if (value === undefined)
      throw new AppletError(say(this.#call, `missing argument to \`${name}'`, `${name} requires an argument`))
    return value
  }

  #print(item: Item, end: string): Promise<boolean> {
    return this.#call.process.print(item.path + end).then(() => true)
  }

  #primary(): Test {
    const name = this.#args[this.#at++]!
    const search = this.#search
    const { process } = this.#call
    const { files } = process
    const now = process.wallClock()
    const act = (test: Test): Test => {
      this.#acts = true
      return test
    }
    const glob = (ignoreCase: boolean) => patternMatcher(this.#value(name), { ignoreCase })
    const count = (text: string, of: (item: Item) => number): Test => {
      const wanted = Number(text.replace(/^[-+]/, ''))
      return (item) =>
        text.startsWith('+') ? of(item) > wanted : text.startsWith('-') ? of(item) < wanted : of(item) === wanted
    }
    switch (name) {
      case '-name':
      case '-iname': {
        const matcher = glob(name === '-iname')
        return (item) => matcher.test(item.name)
      }
      case '-path':
      case '-ipath':
      case '-wholename': {
        const matcher = glob(name === '-ipath')
        return (item) => matcher.test(item.path)
      }
      case '-regex': {
        const matcher = new BoundedRegExp(`^(?:${this.#value(name)})$`)
        return (item) => matcher.test(item.path)
      }
      case '-type': {
        const letters = this.#value(name).split(',')
        const wanted = letters.map((letter) => TYPES[letter])
        if (wanted.includes(undefined))
          throw new AppletError(
            say(this.#call, `Unknown argument to -type: ${letters.join(',')}`, `unknown -type '${letters.join(',')}'`),
          )
        return (item) => wanted.includes(item.stat.type)
      }
      case '-maxdepth':
        search.maxDepth = Number(this.#value(name))
        return () => true
      case '-mindepth':
        search.minDepth = Number(this.#value(name))
        return () => true
      case '-depth':
        search.depthFirst = true
        return () => true
      case '-xdev':
      case '-mount':
        search.xdev = true
        return () => true
      case '-follow':
        search.follow = true
        return () => true
      case '-true':
        return () => true
      case '-false':
        return () => false
      case '-empty':
        return (item) =>
          item.stat.type === 'directory'
            ? files.list(item.path).length === 0
            : item.stat.type === 'file' && item.stat.size === 0
      case '-size': {
        const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(this.#value(name))
        if (!match) throw new AppletError('invalid -size argument')
        const unit = { c: 1, w: 2, b: 512, '': 512, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[3] as 'c']
        return count(match[1]! + match[2]!, (item) => Math.ceil(item.stat.size / unit))
      }
      case '-mtime':
        return count(this.#value(name), (item) => Math.floor((now - item.stat.modified) / 86_400_000))
      case '-mmin':
        return count(this.#value(name), (item) => Math.ceil((now - item.stat.modified) / 60_000))
      case '-ctime':
        return count(this.#value(name), (item) => Math.floor((now - item.stat.changed) / 86_400_000))
      case '-atime':
        return count(this.#value(name), (item) => Math.floor((now - item.stat.accessed) / 86_400_000))
      case '-newer': {
        const than = files.stat(this.#value(name)).modified
        return (item) => item.stat.modified > than
      }
      case '-inum':
        return count(this.#value(name), (item) => item.stat.inode)
      case '-links':
        return count(this.#value(name), (item) => item.stat.links)
      case '-user': {
        const text = this.#value(name)
        const uid = userByName(process, text)?.uid ?? Number(text)
        return (item) => item.stat.uid === uid
      }
      case '-group': {
        const text = this.#value(name)
        const gid = groupByName(process, text)?.gid ?? Number(text)
        return (item) => item.stat.gid === gid
      }
      case '-perm': {
        const text = this.#value(name)
        const bits = Number.parseInt(text.replace(/^[-/+]/, ''), 8)
        return (item) =>
          text.startsWith('-')
            ? (item.stat.mode & bits) === bits
            : /^[/+]/.test(text)
              ? bits === 0 || (item.stat.mode & bits) !== 0
              : item.stat.mode === bits
      }
      case '-executable':
        return (item) => files.access(item.path, { execute: true })
      case '-readable':
        return (item) => files.access(item.path, { read: true })
      case '-writable':
        return (item) => files.access(item.path, { write: true })
      case '-prune':
        return () => {
          search.prune = true
          return true
        }
      case '-quit':
        return act(() => {
          search.quit = true
          return true
        })
      case '-print':
        return act((item) => this.#print(item, '\n'))
      case '-print0':
        return act((item) => this.#print(item, '\0'))
      case '-ls':
        return act(async (item) => {
          const names = new Names(process)
          await process.print(
            `${String(item.stat.inode).padStart(9)} ${String(Math.ceil(item.stat.size / 1024)).padStart(6)} ${modeText(item.stat)} ${String(item.stat.links).padStart(3)} ${names.user(item.stat.uid).padEnd(8)} ${names.group(item.stat.gid).padEnd(8)} ${String(item.stat.size).padStart(8)} ${dateText('%b %e %H:%M', item.stat.modified)} ${item.path}\n`,
          )
          return true
        })
      case '-printf': {
        const format = this.#value(name)
        return act(async (item) => {
          await process.print(this.#format(format, item))
          return true
        })
      }
      case '-delete':
        search.depthFirst = true
        return act(async (item) => {
          if (item.name === '.') return true
          try {
            if (item.stat.type === 'directory') files.rmdir(item.path)
            else files.unlink(item.path)
            return true
          } catch (error) {
            await complain(this.#call, `cannot delete ${quoteAlways(item.path)}: ${words(error)}`)
            search.status = 1
            return false
          }
        })
      case '-exec':
      case '-execdir':
      case '-ok':
        return act(this.#exec(name))
      default:
        throw new AppletError(
          say(
            this.#call,
            name.startsWith('-') ? `unknown predicate \`${name}'` : `paths must precede expression: \`${name}'`,
            `unrecognized: ${name}`,
          ),
        )
    }
  }

  #exec(name: string): Test {
    const command: string[] = []
    for (;;) {
      const word = this.#args[this.#at++]
      if (word === undefined)
        throw new AppletError(say(this.#call, `missing argument to \`${name}'`, `${name} requires an argument`))
      if (word === ';') break
      if (word === '+' && command.at(-1) === '{}') {
        command.pop()
        const batch = { words: command, paths: [] as string[] }
        this.#search.batches.push(batch)
        return (item) => batch.paths.push(item.path) > 0
      }
      command.push(word)
    }
    return (item) =>
      runCommand(
        this.#call,
        command.map((word) => word.replaceAll('{}', item.path)),
        [],
      )
  }

  #format(format: string, item: Item): string {
    const names = new Names(this.#call.process)
    return format
      .replace(/\\n/g, '\n')
      .replace(/\\t/g, '\t')
      .replace(/\\0/g, '\0')
      .replace(/%(T[@+YmdHMS]|[pfhPsmMuUgGiynld%])/g, (all, code: string) => {
        const { stat, path, root } = item
        if (code[0] === 'T')
          return code[1] === '@'
            ? (stat.modified / 1000).toFixed(10)
            : dateText(code[1] === '+' ? '%Y-%m-%d+%H:%M:%S' : `%${code[1]}`, stat.modified)
        const values: Readonly<Record<string, string>> = {
          p: path,
          f: item.name,
          h: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : '.',
          P: path === root ? '' : path.slice(root.replace(/\/$/, '').length + 1),
          s: String(stat.size),
          m: stat.mode.toString(8),
          M: modeText(stat),
          u: names.user(stat.uid),
          U: String(stat.uid),
          g: names.group(stat.gid),
          G: String(stat.gid),
          i: String(stat.inode),
          y: modeText(stat)[0] === '-' ? 'f' : modeText(stat)[0]!,
          n: String(stat.links),
          d: String(item.depth),
          l: stat.type === 'symlink' ? this.#call.process.files.readlink(path) : '',
          '%': '%',
        }
        return values[code] ?? all
      })
  }
}

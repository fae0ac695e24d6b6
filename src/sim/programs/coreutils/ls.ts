import type { Stat } from '../../linux/file.ts'
import { textWidth } from '../../linux/shell/line-editor/width.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { complain, quoteAlways, say, words } from '../applet/applet.ts'
import { modeText } from '../applet/mode.ts'
import { type Options, parseOptions } from '../applet/options.ts'
import { busyboxHuman, gnuHuman } from '../applet/sizes.ts'
import { Names } from '../applet/users.ts'
import { compareVersions } from '../applet/version-order.ts'

interface Item {
  name: string
  path: string
  stat: Stat
  target: string | undefined
}

export const ls: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'alAdhrtSRiFpn1CxmsgoGkLHcuUXvfqQNBDT:w:I:',
    long: {
      all: 'a',
      'almost-all': 'A',
      directory: 'd',
      'human-readable': 'h',
      reverse: 'r',
      recursive: 'R',
      inode: 'i',
      classify: 'F',
      'numeric-uid-gid': 'n',
      size: 's',
      dereference: 'L',
      'color=?': 'color',
      color: 'color',
      'full-time': 'fullTime',
      'group-directories-first': 'dirsFirst',
      'time-style=': 'timeStyle',
      'sort=': 'sort',
      'no-group': 'G',
      'width=': 'w',
      'ignore=': 'I',
      literal: 'N',
      author: 'author',
      si: 'si',
      'file-type': 'p',
      'format=': 'format',
      'indicator-style=': 'indicator',
      'show-control-chars': 'N',
      'hide=': 'I',
    },
    status: call.flavour === 'gnu' ? 2 : 1,
  })
  if (options.has('g') || options.has('o') || options.has('n') || options.has('fullTime')) options.add('l', undefined)
  const { process } = call
  const lister = new Lister(call, options)
  const files: Item[] = []
  const folders: Item[] = []
  for (const path of options.operands.length > 0 ? options.operands : ['.']) {
    try {
      const item = readItem(
        call,
        path,
        path,
        (!options.has('d') &&
          !(options.has('l') && process.files.lstat(path).type === 'symlink' && !options.has('H'))) ||
          options.has('L'),
      )
      if (item.stat.type === 'directory' && !options.has('d')) folders.push(item)
      else files.push(item)
    } catch (error) {
      await complain(call, say(call, `cannot access ${quoteAlways(path)}: ${words(error)}`, `${path}: ${words(error)}`))
      lister.failed = true
    }
  }
  if (files.length > 0) await lister.show(lister.sorted(files), false)
  const titled = options.operands.length > 1 || options.has('R')
  for (const folder of lister.sorted(folders)) await lister.folder(folder, titled, files.length > 0)
  return lister.failed ? (call.flavour === 'gnu' ? (lister.deepFailure ? 1 : 2) : 1) : 0
}

function readItem({ process: { files } }: AppletCall, name: string, path: string, follow: boolean): Item {
  let stat = files.lstat(path)
  let target: string | undefined
  if (stat.type === 'symlink') {
    if (follow) {
      try {
        stat = files.stat(path)
      } catch (error) {
        if (path.endsWith('/')) throw error
      }
    }
    if (stat.type === 'symlink') {
      try {
        target = files.readlink(path)
      } catch {
        target = undefined
      }
    }
  }
  return { name, path, stat, target }
}

class Lister {
  failed = false
  deepFailure = false
  readonly #call: AppletCall
  readonly #options: Options
  readonly #names: Names
  readonly #color: boolean
  #first = true

  constructor(call: AppletCall, options: Options) {
    this.#call = call
    this.#options = options
    this.#names = new Names(call.process)
    const color = options.get('color')
    this.#color =
      options.has('color') &&
      (color === '' ||
        color === 'always' ||
        color === 'yes' ||
        (color === 'auto' && call.process.stdout.tty !== undefined))
    if (!options.has('color') && call.flavour === 'busybox') this.#color = call.process.stdout.tty !== undefined
  }

  async folder(folder: Item, titled: boolean, after: boolean): Promise<void> {
    const { process } = this.#call
    const options = this.#options
    let items: Item[]
    try {
      items = process.files
        .list(folder.path)
        .filter((entry) => this.#visible(entry.name))
        .flatMap((entry) => {
          const path = `${folder.path.replace(/\/$/, '')}/${entry.name}`
          try {
            return [readItem(this.#call, entry.name, path, options.has('L'))]
          } catch {
            return []
          }
        })
    } catch (error) {
      await complain(
        this.#call,
        say(
          this.#call,
          `cannot open directory ${quoteAlways(folder.path)}: ${words(error)}`,
          `can't open '${folder.path}': ${words(error)}`,
        ),
      )
      this.failed = true
      return
    }
    items = this.sorted(items)
    if (options.has('a')) items.unshift(this.#dot(folder, '.'), this.#dot(folder, '..'))
    if (titled) await process.print(`${this.#first && !after ? '' : '\n'}${folder.name}:\n`)
    else if (after) await process.print('\n')
    this.#first = false
    await this.show(items, true)
    if (!options.has('R')) return
    for (const item of items) {
      if (item.name === '.' || item.name === '..' || item.stat.type !== 'directory') continue
      await this.folder({ ...item, name: item.path }, true, false)
    }
  }

  #visible(name: string): boolean {
    if (!name.startsWith('.')) return true
    return this.#options.has('a') || this.#options.has('A') || this.#options.has('f')
  }

  #dot(folder: Item, name: string): Item {
    const { files } = this.#call.process
    let { stat } = folder
    try {
      stat = files.stat(`${folder.path}/${name}`)
    } catch {
      // The folder is gone meanwhile.
    }
    return { name, path: `${folder.path}/${name}`, stat, target: undefined }
  }

  sorted(items: readonly Item[]): Item[] {
    const options = this.#options
    if (options.has('U') || options.has('f')) return [...items]
    const by = options.get('sort')
    const byName = (a: Item, b: Item) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    const gnuName = (a: Item, b: Item) => byName(a, b)
    const time = (item: Item) =>
      options.has('c') ? item.stat.changed : options.has('u') ? item.stat.accessed : item.stat.modified
    const compare = (a: Item, b: Item): number => {
      if (options.has('dirsFirst') && (a.stat.type === 'directory') !== (b.stat.type === 'directory'))
        return a.stat.type === 'directory' ? -1 : 1
      let order = 0
      if (options.has('t') || by === 'time' || ((options.has('c') || options.has('u')) && !options.has('l')))
        order = time(b) - time(a)
      else if (options.has('S') || by === 'size') order = b.stat.size - a.stat.size
      else if (options.has('v') || by === 'version') order = compareVersions(a.name, b.name)
      else if (options.has('X') || by === 'extension')
        order = extension(a.name) < extension(b.name) ? -1 : extension(a.name) > extension(b.name) ? 1 : 0
      return order || gnuName(a, b)
    }
    const sign = options.has('r') ? -1 : 1
    return [...items].sort((a, b) => sign * compare(a, b))
  }

  async show(items: readonly Item[], total: boolean): Promise<void> {
    const options = this.#options
    const { process } = this.#call
    if (options.has('l')) {
      const blocks = items.reduce((sum, item) => sum + this.#blocks(item), 0)
      await process.print(
        (total
          ? `total ${options.has('h') ? (this.#call.flavour === 'gnu' ? gnuHuman(blocks * 1024) : busyboxHuman(blocks * 1024)) : blocks}\n`
          : '') + this.#long(items),
      )
      return
    }
    if (total && options.has('s'))
      await process.print(`total ${items.reduce((sum, item) => sum + this.#blocks(item), 0)}\n`)
    const cells = items.map((item) => `${this.#lead(item, items)}${this.#shown(item)}`)
    const widths = items.map((item, i) => textWidth(this.#plain(item)) + cells[i]!.length - this.#shown(item).length)
    const tty = process.stdout.tty
    if (options.has('m')) {
      await process.print(cells.length > 0 ? `${cells.join(', ')}\n` : '')
      return
    }
    if (options.has('1') || (!tty && !options.has('C') && !options.has('x'))) {
      await process.print(cells.map((cell) => `${cell}\n`).join(''))
      return
    }
    await process.print(columns(cells, widths, Number(options.get('w')) || tty?.size.columns || 80, options.has('x')))
  }

  #lead(item: Item, all: readonly Item[]): string {
    const options = this.#options
    let out = ''
    if (options.has('i'))
      out += `${String(item.stat.inode).padStart(this.#call.flavour === 'gnu' ? Math.max(...all.map((each) => String(each.stat.inode).length)) : 7)} `
    if (options.has('s'))
      out += `${String(this.#blocks(item)).padStart(this.#call.flavour === 'gnu' ? Math.max(...all.map((each) => String(this.#blocks(each)).length)) : 6)} `
    return out
  }

  #blocks(item: Item): number {
    const { stat } = item
    if (stat.type === 'directory') return stat.size === 0 || stat.size < 1024 ? 0 : Math.ceil(stat.size / 4096) * 4
    if (stat.type !== 'file') return 0
    return Math.ceil(stat.size / 4096) * 4
  }

  #indicator(item: Item): string {
    const options = this.#options
    const { type, mode } = item.stat
    if (!options.has('F') && !options.has('p')) return ''
    if (type === 'directory') return '/'
    if (options.has('p') && !options.has('F')) return ''
    if (type === 'symlink') return options.has('l') ? '' : '@'
    if (type === 'fifo') return '|'
    if (type === 'socket') return '='
    return mode & 0o111 ? '*' : ''
  }

  #plain(item: Item): string {
    return this.#quoted(item.name) + this.#indicator(item)
  }

  #quoted(name: string): string {
    if (this.#call.flavour !== 'gnu' || !this.#call.process.stdout.tty || this.#options.has('N')) return name
    return /[^A-Za-z0-9_./:=@%^+,~\u0080-\uffff-]/.test(name) ? quoteAlways(name) : name
  }

  #shown(item: Item): string {
    const name = this.#quoted(item.name)
    return (this.#color ? colored(name, item.stat, this.#call.flavour) : name) + this.#indicator(item)
  }

  #long(items: readonly Item[]): string {
    const options = this.#options
    const gnu = this.#call.flavour === 'gnu'
    const human = gnu ? gnuHuman : busyboxHuman
    const rows = items.map((item) => {
      const { stat } = item
      const device = stat.type === 'character' || stat.type === 'block'
      const size = device
        ? gnu
          ? `${stat.major ?? 0}, ${stat.minor ?? 0}`
          : `${String(stat.major ?? 0).padStart(3)}, ${String(stat.minor ?? 0).padStart(3)}`
        : options.has('h')
          ? human(stat.size)
          : String(stat.size)
      return {
        item,
        links: String(stat.links),
        user: options.has('n') ? String(stat.uid) : this.#names.user(stat.uid),
        group: options.has('n') ? String(stat.gid) : this.#names.group(stat.gid),
        size,
      }
    })
    const width = (pick: (row: (typeof rows)[number]) => string, least: number) =>
      Math.max(least, ...rows.map((row) => pick(row).length))
    const widths = gnu
      ? {
          links: width((row) => row.links, 1),
          user: width((row) => row.user, 1),
          group: width((row) => row.group, 1),
          size: width((row) => row.size, 1),
        }
      : { links: 5, user: 8, group: 8, size: 9 }
    let out = ''
    for (const { item, links, user, group, size } of rows) {
      const link = item.target === undefined ? '' : ` -> ${item.target}`
      const owner = `${options.has('g') ? '' : gnu ? `${user.padEnd(widths.user)} ` : `${user.slice(0, 8).padEnd(8)} `}${options.has('o') || options.has('G') ? '' : gnu ? `${group.padEnd(widths.group)} ` : `${group.slice(0, 8).padEnd(8)} `}`
      out += `${this.#lead(item, items)}${modeText(item.stat)} ${gnu ? '' : ''}${links.padStart(gnu ? widths.links : 4)} ${owner}${size.padStart(widths.size)} ${this.#time(item)} ${this.#shown(item)}${link}\n`
    }
    return out
  }

  #time(item: Item): string {
    const options = this.#options
    const ms = options.has('c') ? item.stat.changed : options.has('u') ? item.stat.accessed : item.stat.modified
    const style = options.get('timeStyle')
    if (options.has('fullTime') || style === 'full-iso')
      return dateText(this.#call.flavour === 'gnu' ? '%Y-%m-%d %H:%M:%S.%N %z' : '%Y-%m-%d %H:%M:%S %z', ms)
    if (style === 'long-iso') return dateText('%Y-%m-%d %H:%M', ms)
    if (style?.startsWith('+')) return dateText(style.slice(1), ms)
    const age = this.#call.process.wallClock() - ms
    const recent = age < 15_778_476_000 && age > -3_600_000
    return dateText(recent ? '%b %e %H:%M' : '%b %e  %Y', ms)
  }
}

const extension = (name: string) => (name.includes('.') ? name.slice(name.lastIndexOf('.')) : '')

function colored(name: string, stat: Stat, flavour: string): string {
  const code =
    stat.type === 'directory'
      ? stat.mode & 0o1002 && (stat.mode & 0o1002) === 0o1002 && flavour === 'gnu'
        ? '30;42'
        : flavour === 'gnu'
          ? '01;34'
          : '1;34'
      : stat.type === 'symlink'
        ? flavour === 'gnu'
          ? '01;36'
          : '1;36'
        : stat.type === 'fifo'
          ? '33'
          : stat.type === 'socket'
            ? '01;35'
            : stat.type === 'character' || stat.type === 'block'
              ? '01;33'
              : stat.mode & 0o111
                ? flavour === 'gnu'
                  ? '01;32'
                  : '1;32'
                : undefined
  if (flavour === 'busybox') return `\x1b[${code ?? '0;0'}m${name}\x1b[m`
  return code === undefined ? name : `\x1b[${code}m${name}\x1b[0m`
}

/** As many columns as fit, filled down (or across). */
function columns(cells: readonly string[], widths: readonly number[], width: number, across: boolean): string {
  if (cells.length === 0) return ''
  for (let count = Math.min(cells.length, Math.floor(width / 3) || 1); count >= 1; count--) {
    const rows = Math.ceil(cells.length / count)
    const columnOf = (i: number) => (across ? i % count : Math.floor(i / rows))
    const columnWidths: number[] = []
    for (const [i, each] of widths.entries()) columnWidths[columnOf(i)] = Math.max(columnWidths[columnOf(i)] ?? 0, each)
    const total = columnWidths.reduce((sum, each) => sum + each + 2, -2)
    if (total > width && count > 1) continue
    let out = ''
    for (let row = 0; row < rows; row++) {
      let line = ''
      const members = across
        ? cells.map((_, i) => i).filter((i) => Math.floor(i / count) === row)
        : cells.map((_, i) => i).filter((i) => i % rows === row)
      for (const [k, i] of members.entries())
        line += cells[i]! + (k === members.length - 1 ? '' : ' '.repeat(columnWidths[columnOf(i)]! + 2 - widths[i]!))
      out += `${line}\n`
    }
    return out
  }
  return ''
}

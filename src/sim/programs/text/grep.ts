import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { literalRegExp, posixRegExp, RegExpError } from '../../linux/regexp/posix-regexp.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import { patternMatcher } from '../../linux/shell/pattern.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { isDirectory, linesOf, openInput, readInputText } from '../applet/input.ts'
import { type Options, parseOptions, tryHelp } from '../applet/options.ts'

export const grep: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'EFGPivwxcnlLohHqsre:f:m:A:B:C:RrzaUIyTbZ',
    long: {
      'extended-regexp': 'E',
      'fixed-strings': 'F',
      'basic-regexp': 'G',
      'perl-regexp': 'P',
      'ignore-case': 'i',
      'invert-match': 'v',
      'word-regexp': 'w',
      'line-regexp': 'x',
      count: 'c',
      'line-number': 'n',
      'files-with-matches': 'l',
      'files-without-match': 'L',
      'only-matching': 'o',
      'no-filename': 'h',
      'with-filename': 'H',
      quiet: 'q',
      silent: 'q',
      'no-messages': 's',
      recursive: 'r',
      'dereference-recursive': 'R',
      'regexp=': 'e',
      'file=': 'f',
      'max-count=': 'm',
      'after-context=': 'A',
      'before-context=': 'B',
      'context=': 'C',
      'color=?': 'color',
      'colour=?': 'color',
      'include=': 'include',
      'exclude=': 'exclude',
      'exclude-dir=': 'excludeDir',
      text: 'a',
      'line-buffered': 'buffered',
      null: 'Z',
      'byte-offset': 'b',
      'label=': 'label',
    },
    status: 2,
    digits: 'C',
  })
  const { process } = call
  const patterns = options.all('e').flatMap((text) => text.split('\n'))
  for (const file of options.all('f'))
    patterns.push(...(await readInputText(process, file)).replace(/\n$/, '').split('\n'))
  if (!options.has('e') && !options.has('f')) {
    const first = options.operands.shift()
    if (first === undefined) {
      throw call.flavour === 'gnu'
        ? new AppletError('', 2, `Usage: grep [OPTION]... PATTERNS [FILE]...\n${tryHelp(call)}`)
        : new AppletError('', 2, tryHelp(call))
    }
    patterns.push(...first.split('\n'))
  }
  const matcher = makeMatcher(call, patterns, options)
  const recursive = options.has('r') || options.has('R')
  const roots = options.operands.length > 0 ? options.operands : [recursive ? '.' : '-']
  const several = roots.length > 1 || (recursive && isDirectory(process, roots[0]!))
  const search = new Search(call, options, matcher, several)
  for (const root of roots) await search.visit(root, recursive, options.operands.length === 0)
  return search.status
}

function makeMatcher({ name, flavour }: AppletCall, patterns: readonly string[], options: Options): RegExp[] {
  const fixed = options.has('F') || name === 'fgrep'
  const extended = options.has('E') || name === 'egrep'
  const whole: 'line' | 'word' | undefined = options.has('x') ? 'line' : options.has('w') ? 'word' : undefined
  const ignoreCase = options.has('i') || options.has('y')
  return patterns.map((text) => {
    try {
      const common: { ignoreCase: boolean; flags: string; whole?: 'line' | 'word' } = {
        ignoreCase,
        flags: 'g',
        ...(whole ? { whole } : {}),
      }
      if (fixed) return literalRegExp(text, common)
      if (options.has('P'))
        return new BoundedRegExp(
          whole === 'line' ? `^(?:${text})$` : whole === 'word' ? `\\b(?:${text})\\b` : text,
          `g${ignoreCase ? 'i' : ''}`,
        )
      return posixRegExp(text, { extended, ...common })
    } catch (error) {
      const text2 = error instanceof RegExpError ? error.message : 'Invalid regular expression'
      throw new AppletError(flavour === 'gnu' ? text2 : `bad regex '${text}': ${text2}`, 2)
    }
  })
}

class Search {
  readonly #call: AppletCall
  readonly #options: Options
  readonly #patterns: readonly RegExp[]
  readonly #named: boolean
  readonly #before: number
  readonly #after: number
  readonly #color: boolean
  #matched = false
  #failed = false
  #printedContext = false
  #out = ''

  constructor(call: AppletCall, options: Options, patterns: readonly RegExp[], several: boolean) {
    this.#call = call
    this.#options = options
    this.#patterns = patterns
    this.#named = options.has('H') || (several && !options.has('h'))
    this.#before = Number(options.get('B') ?? options.get('C') ?? 0)
    this.#after = Number(options.get('A') ?? options.get('C') ?? 0)
    const color = options.get('color')
    this.#color =
      options.has('color') && (color === 'always' || (color !== 'never' && call.process.stdout.tty !== undefined))
  }

  get status(): number {
    if (this.#failed && !(this.#matched && this.#options.has('q'))) return 2
    return this.#matched ? 0 : 1
  }

  async visit(path: string, recursive: boolean, implied = false): Promise<void> {
    const { process } = this.#call
    if (path !== '-' && isDirectory(process, path)) {
      if (!recursive) {
        if (!this.#options.has('s'))
          await complain(this.#call, say(this.#call, `${path}: Is a directory`, `read error: Is a directory`))
        if (this.#call.flavour === 'busybox') this.#failed = this.#failed || false
        return
      }
      const names = process.files
        .list(path)
        .map((entry) => entry.name)
        .sort()
      for (const name of names) {
        const child = implied && path === '.' ? name : `${path.replace(/\/$/, '')}/${name}`
        if (process.files.lstat(child).type === 'symlink' && !this.#options.has('R')) continue
        if (isDirectory(process, child)) {
          if (!this.#options.all('excludeDir').some((glob) => patternMatcher(glob).test(name)))
            await this.visit(child, true)
        } else if (this.#wanted(name)) await this.#file(child)
      }
      return
    }
    await this.#file(path)
  }

  #wanted(name: string): boolean {
    const include = this.#options.all('include')
    const exclude = this.#options.all('exclude')
    if (exclude.some((glob) => patternMatcher(glob).test(name))) return false
    return include.length === 0 || include.some((glob) => patternMatcher(glob).test(name))
  }

  async #file(path: string): Promise<void> {
    const { process } = this.#call
    try {
      const { file, close } = openInput(process, path)
      try {
        await this.#lines(
          linesOf(file, this.#options.has('z') ? '\0' : '\n', this.#call.process),
          path === '-' ? (this.#options.get('label') ?? '(standard input)') : path,
        )
      } finally {
        close()
      }
    } catch (error) {
      const text = words(error)
      this.#failed = true
      if (!this.#options.has('s')) await complain(this.#call, `${path}: ${text}`)
    }
  }

  async #lines(lines: AsyncGenerator<string>, name: string): Promise<void> {
    const options = this.#options
    const limit = options.has('m') ? Number(options.get('m')) : Number.POSITIVE_INFINITY
    let count = 0
    let number = 0
    let lastPrinted = 0
    let afterLeft = 0
    const held: { text: string; number: number }[] = []
    const listing = options.has('l') || options.has('L') || options.has('c') || options.has('q')
    const context = this.#before + this.#after > 0
    if (limit > 0) {
      for await (const raw of lines) {
        number++
        const line = raw.endsWith('\n') || raw.endsWith('\0') ? raw.slice(0, -1) : raw
        const hits = this.#find(line)
        if ((hits !== undefined) !== options.has('v')) {
          count++
          this.#matched ||= !options.has('L')
          if (options.has('q') || options.has('l') || options.has('L')) break
          if (!listing) {
            if (context && this.#printedContext && number - held.length > lastPrinted + 1) this.#out += '--\n'
            for (const each of held.splice(0)) this.#print(name, each.number, each.text, '-', [])
            if (!options.has('o')) this.#print(name, number, line, ':', hits ?? [])
            else if (!options.has('v'))
              for (const hit of hits ?? [])
                if (hit.end > hit.start)
                  this.#print(name, number, line.slice(hit.start, hit.end), ':', [
                    { start: 0, end: hit.end - hit.start },
                  ])
            lastPrinted = number
            afterLeft = this.#after
            this.#printedContext = true
          }
          if (count >= limit && afterLeft === 0) break
        } else if (!listing && context) {
          if (afterLeft > 0) {
            afterLeft--
            this.#print(name, number, line, '-', [])
            lastPrinted = number
            if (count >= limit && afterLeft === 0) break
          } else if (this.#before > 0) {
            held.push({ text: line, number })
            if (held.length > this.#before) held.shift()
          }
        }
        await this.#flush()
      }
    }
    if (options.has('q')) return
    const shown = options.has('h') || name === undefined ? name : name
    if (options.has('l')) {
      if (count > 0) this.#out += `${this.#paint(shown, '35')}\n`
    } else if (options.has('L')) {
      if (count === 0) {
        this.#out += `${shown}\n`
        this.#matched = true
      }
    } else if (options.has('c')) this.#out += `${this.#named ? `${shown}:` : ''}${count}\n`
    await this.#flush(true)
  }

  /** Where the patterns match; undefined when none does. */
  #find(line: string): { start: number; end: number }[] | undefined {
    const wantAll = this.#options.has('o') || this.#color
    const hits: { start: number; end: number }[] = []
    for (const pattern of this.#patterns) {
      pattern.lastIndex = 0
      if (!wantAll) {
        if (pattern.test(line)) return []
        continue
      }
      for (const match of line.matchAll(pattern)) hits.push({ start: match.index, end: match.index + match[0].length })
    }
    if (hits.length === 0) return undefined
    hits.sort((a, b) => a.start - b.start || b.end - a.end)
    return hits.filter((hit, i) => i === 0 || hit.start >= hits[i - 1]!.end || hit.start === hit.end)
  }

  #print(
    name: string,
    number: number,
    text: string,
    separator: string,
    hits: readonly { start: number; end: number }[],
  ): void {
    let line = text
    if (this.#color && hits.length > 0 && !this.#options.has('v')) {
      line = ''
      let at = 0
      for (const { start, end } of hits) {
        if (start < at || end === start) continue
        line += text.slice(at, start) + this.#paint(text.slice(start, end), '01;31')
        at = end
      }
      line += text.slice(at)
    }
    const mark = this.#color ? this.#paint(separator, '36') : separator
    if (this.#named) this.#out += this.#paint(name, '35') + mark
    if (this.#options.has('n')) this.#out += this.#paint(String(number), '32') + mark
    this.#out += `${line}\n`
  }

  #paint(text: string, code: string): string {
    return this.#color ? `\x1b[${code}m\x1b[K${text}\x1b[m\x1b[K` : text
  }

  async #flush(now = false): Promise<void> {
    if (this.#out === '' || (!now && this.#out.length < 4096 && this.#call.process.stdin.stat().type === 'file')) return
    const text = this.#out
    this.#out = ''
    await this.#call.process.stdout.write(encodeText(text))
  }
}

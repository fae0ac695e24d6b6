import type { FileType, Stat } from '../../linux/file.ts'

const TYPE_LETTER: Readonly<Record<FileType, string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  fifo: 'p',
  socket: 's',
  character: 'c',
  block: 'b',
}

/** `drwxr-xr-x` */
export function modeText({ type, mode }: Pick<Stat, 'type' | 'mode'>): string {
  const bit = (mask: number, letter: string) => (mode & mask ? letter : '-')
  const special = (execute: number, set: number, letter: string) =>
    mode & set ? (mode & execute ? letter : letter.toUpperCase()) : bit(execute, 'x')
  return (
    TYPE_LETTER[type] +
    bit(0o400, 'r') +
    bit(0o200, 'w') +
    special(0o100, 0o4000, 's') +
    bit(0o040, 'r') +
    bit(0o020, 'w') +
    special(0o010, 0o2000, 's') +
    bit(0o004, 'r') +
    bit(0o002, 'w') +
    special(0o001, 0o1000, 't')
  )
}

/** Applies `755`, `u+x,go-w`, `a=r`, `+X`; undefined when it is no mode. */
export function applyMode(text: string, mode: number, isDirectory: boolean, umask: number): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) return Number.parseInt(text, 8) & 0o7777
  let result = mode
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause)
    if (!match) return undefined
    const everyone = match[1] === ''
    const who = everyone || match[1]!.includes('a') ? 'ugo' : match[1]!
    for (const action of match[2]!.matchAll(/([-+=])([rwxXst]*|[ugo])/g)) {
      let bits = 0
      let special = 0
      const shifts = { u: 6, g: 3, o: 0 } as const
      for (const letter of action[2]!) {
        if (letter === 'r') bits |= 4
        else if (letter === 'w') bits |= 2
        else if (letter === 'x') bits |= 1
        else if (letter === 'X') bits |= isDirectory || (result & 0o111) !== 0 ? 1 : 0
        else if (letter === 's') special |= (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0)
        else if (letter === 't') special |= 0o1000
        else bits |= (result >> shifts[letter as 'u' | 'g' | 'o']) & 7
      }
      let mask = 0
      for (const letter of ['u', 'g', 'o'] as const) if (who.includes(letter)) mask |= bits << shifts[letter]
      if (everyone) mask &= ~umask
      if (action[1] === '+') result |= mask | special
      else if (action[1] === '-') result &= ~(mask | special)
      else {
        for (const letter of ['u', 'g', 'o'] as const) if (who.includes(letter)) result &= ~(7 << shifts[letter])
        result |= mask | special
      }
    }
  }
  return result
}

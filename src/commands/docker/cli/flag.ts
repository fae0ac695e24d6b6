/** A flag of a command, as its help describes it. */
export interface Flag {
  name: string
  shorthand?: string
  /** The word after the name in the help: `list`, `string`, `int`, `bytes` …; empty for switches. */
  type: string
  /** Help text, with the `(default …)` it ends in; may have several lines. */
  text: string
  hidden?: boolean
  /** The API version that must be there for it: hidden from help, and refused, without. */
  needs?: string
  /** Another name for the flag that holds the value. */
  aliasOf?: string
}

/**
 * Reads flags from the text of a help page: `-a, --all   Show all`; lines without a flag continue the one above; a
 * leading `!` hides, and one with an API version also refuses without it; `--net = network` is an alias.
 */
export function flags(strings: TemplateStringsArray): readonly Flag[] {
  const out: Flag[] = []
  for (const line of strings.raw[0]!.split('\n')) {
    if (line.trim() === '') continue
    const alias = /^\s*(?:-(\w), )?--([\w-]+) = ([\w-]+)$/.exec(line)
    if (alias) {
      out.push({ name: alias[2]!, shorthand: alias[1], type: 'alias', text: '', hidden: true, aliasOf: alias[3] })
      continue
    }
    const found = /^\s*(!?)(\d\.\d+ )?(?:-(\w), )?--([\w.-]+)(?: (\S+))?(?: {2,}(.*))?$/.exec(line)
    if (found) {
      const [, hidden, needs, shorthand, name, type = '', text = ''] = found
      out.push({
        name: name!,
        type,
        text,
        ...(shorthand ? { shorthand } : {}),
        ...(hidden ? { hidden: true } : {}),
        ...(needs ? { needs: needs.trim() } : {}),
      })
    } else {
      const last = out.at(-1)!
      last.text += `\n${line.replace(/^ {4}\|/, '')}`
    }
  }
  return out
}

/** `-m, --memory` */
export function flagName(flag: Flag): string {
  return flag.shorthand ? `-${flag.shorthand}, --${flag.name}` : `--${flag.name}`
}

/** Which files of a build context .dockerignore leaves out. */
export function ignoreRules(text: string): (path: string) => boolean {
  const rules = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const keep = line.startsWith('!')
      const pattern = (keep ? line.slice(1) : line).trim().replace(/^\/+/, '').replace(/\/+$/, '')
      return { keep, pattern: toRegExp(pattern) }
    })
  return (path) => {
    let ignored = false
    for (const { keep, pattern } of rules) if (pattern.test(path)) ignored = !keep
    return ignored
  }
}

/** A pattern also covers everything below what it matches. */
function toRegExp(pattern: string): RegExp {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!
    if (pattern.startsWith('**/', i)) {
      source += '(?:.*/)?'
      i += 2
    } else if (pattern.startsWith('**', i)) {
      source += '.*'
      i++
    } else if (c === '*') source += '[^/]*'
    else if (c === '?') source += '[^/]'
    else source += c.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  }
  return new RegExp(`^${source}(?:/.*)?$`)
}

const { invalidType } = internal.builtin('internal/errors')

function text(value, name = 'path') {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value)
  return value
}

/** Without `.`, `..` and doubled slashes. */
function reduce(path, absolute) {
  const out = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') out.push(part)
    else if (out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (!absolute) out.push('..')
  }
  return out.join('/')
}

const posix = {
  sep: '/',
  delimiter: ':',
  resolve(...parts) {
    let path = ''
    for (let i = parts.length - 1; i >= -1 && !path.startsWith('/'); i--) {
      const part = i >= 0 ? text(parts[i], `paths[${i}]`) : internal.host.cwd()
      if (part !== '') path = path === '' ? part : `${part}/${path}`
    }
    return `/${reduce(path, true)}`
  },
  normalize(path) {
    if (text(path) === '') return '.'
    const absolute = path.startsWith('/')
    let reduced = reduce(path, absolute)
    if (reduced === '') return absolute ? '/' : path.endsWith('/') ? './' : '.'
    if (path.endsWith('/')) reduced += '/'
    return absolute ? `/${reduced}` : reduced
  },
  isAbsolute: (path) => text(path).startsWith('/'),
  join(...parts) {
    const joined = parts
      .map((part) => text(part))
      .filter((part) => part !== '')
      .join('/')
    return joined === '' ? '.' : posix.normalize(joined)
  },
  relative(from, to) {
    const [a, b] = [posix.resolve(text(from, 'from')), posix.resolve(text(to, 'to'))].map((path) =>
      path.split('/').filter(Boolean),
    )
    let same = 0
    while (same < a.length && a[same] === b[same]) same++
    return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/')
  },
  toNamespacedPath: (path) => path,
  dirname(path) {
    const trimmed = text(path).replace(/(?<=.)\/+$/, '')
    const slash = trimmed.lastIndexOf('/')
    if (slash < 0) return '.'
    return slash === 0 ? '/' : trimmed.slice(0, slash).replace(/(?<=.)\/+$/, '')
  },
  basename(path, suffix) {
    const base = text(path).replace(/\/+$/, '').split('/').at(-1)
    return suffix !== undefined && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base
  },
  extname(path) {
    const base = posix.basename(path)
    const dot = base.lastIndexOf('.')
    return dot <= 0 || base === '..' ? '' : base.slice(dot)
  },
  parse(path) {
    const base = posix.basename(path)
    const ext = posix.extname(path)
    const dir = posix.dirname(path)
    const root = path.startsWith('/') ? '/' : ''
    return {
      root,
      dir: dir === '.' && !path.startsWith('./') && path !== '.' ? '' : base === '' ? root : dir,
      base,
      ext,
      name: base.slice(0, base.length - ext.length),
    }
  },
  format({ dir, root = '', base, name = '', ext = '' }) {
    const file = base ?? `${name}${ext && !ext.startsWith('.') ? '.' : ''}${ext}`
    if (!dir) return `${root}${file}`
    return dir === root ? `${dir}${file}` : `${dir}/${file}`
  },
  matchesGlob() {
    throw new Error('not simulated: path.matchesGlob')
  },
}
posix.posix = posix
posix.win32 = posix
module.exports = posix

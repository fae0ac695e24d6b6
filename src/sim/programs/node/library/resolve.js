// Where a module is: CommonJS resolution, and that of import.
const { host } = internal
const path = internal.builtin('path')
const { nodeError, attachStack, rawOf } = internal.builtin('internal/errors')
const names = new Set(host.builtins())

internal.isBuiltin = (name) =>
  names.has(name.replace(/^node:/, '')) && !name.replace(/^node:/, '').startsWith('internal/')
const packages = new Map()

function readPackage(folder) {
  if (packages.has(folder)) return packages.get(folder)
  const file = `${folder === '/' ? '' : folder}/package.json`
  let found
  if (host.kind(file) === 'file') {
    try {
      found = JSON.parse(host.readText(file))
    } catch (error) {
      const broken = nodeError(Error, 'ERR_INVALID_PACKAGE_CONFIG', `Invalid package config ${file}.`)
      broken.cause = error
      throw broken
    }
  }
  packages.set(folder, found)
  return found
}

/** The package that a file belongs to. */
function packageOf(file) {
  for (let folder = path.dirname(path.resolve(file)); ; folder = path.dirname(folder)) {
    if (!folder.endsWith('/node_modules')) {
      const found = readPackage(folder)
      if (found) return { folder, ...found, json: found }
    }
    if (folder === '/') return undefined
  }
}

const isFile = (file) => host.kind(file) === 'file'
const EXTENSIONS = ['.js', '.json', '.node', '.cjs'].slice(0, 3)

function asFile(base) {
  if (isFile(base)) return base
  for (const extension of EXTENSIONS) if (isFile(base + extension)) return base + extension
  return undefined
}
function asFolder(folder) {
  if (host.kind(folder) !== 'directory') return undefined
  const main = readPackage(folder)?.main
  if (typeof main === 'string' && main !== '') {
    const found = asFile(path.resolve(folder, main)) ?? asIndex(path.resolve(folder, main))
    if (found) return found
  }
  return asIndex(folder)
}
const asIndex = (folder) => asFile(`${folder}/index`)

/** The target of `exports` in a package.json for a subpath such as `.` or `./lib`. */
function exported(exports, subpath, conditions) {
  const pick = (target) => {
    if (typeof target === 'string' || target === null) return target
    if (Array.isArray(target)) return target.map(pick).find(Boolean)
    if (typeof target !== 'object') return undefined
    for (const [condition, next] of Object.entries(target)) {
      if (condition !== 'default' && !conditions.includes(condition)) continue
      const found = pick(next)
      if (found !== undefined) return found
    }
    return undefined
  }
  const sugar = typeof exports === 'string' || Array.isArray(exports) || !Object.keys(exports)[0]?.startsWith('.')
  if (sugar) return subpath === '.' ? pick(exports) : undefined
  if (exports[subpath] !== undefined) return pick(exports[subpath])
  for (const [pattern, target] of Object.entries(exports)) {
    const [before, after] = pattern.split('*')
    if (after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue
    return pick(target)?.replaceAll('*', subpath.slice(before.length, subpath.length - after.length))
  }
  return undefined
}

const splitName = (request) => /^((?:@[^/]+\/)?[^/]+)(?:\/(.*))?$/.exec(request) ?? []

function inPackages(request, from, conditions) {
  const [, name, rest] = splitName(request)
  if (!name) return undefined
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== 'node_modules') {
      const root = path.join(folder, 'node_modules', name)
      if (host.kind(root) === 'directory') {
        const json = readPackage(root)
        if (json?.exports !== undefined) {
          const subpath = rest === undefined ? '.' : `./${rest}`
          const target = exported(json.exports, subpath, conditions)
          if (target) return path.resolve(root, target)
          throw nodeError(
            Error,
            'ERR_PACKAGE_PATH_NOT_EXPORTED',
            subpath === '.'
              ? `No "exports" main defined in ${root}/package.json`
              : `Package subpath '${subpath}' is not defined by "exports" in ${root}/package.json`,
          )
        }
        const target = rest === undefined ? root : path.join(root, rest)
        const found = asFile(target) ?? asFolder(target)
        if (found) return found
      }
    }
    if (folder === '/') return undefined
  }
}

const CJS = ['node', 'require', 'module-sync']
const ESM = ['node', 'import', 'module-sync']

function resolveRequire(request, from, stack) {
  if (internal.isBuiltin(request)) return request.startsWith('node:') ? request : request
  let found
  if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(request)) {
    const target = path.resolve(from, request)
    found = (/\/$|(?:^|\/)\.{1,2}$/.test(request) ? undefined : asFile(target)) ?? asFolder(target)
  } else if (request.startsWith('#')) {
    const own = packageOf(`${from}/x`)
    const target = own?.json.imports && exported(own.json.imports, request, CJS)
    if (target) found = path.resolve(own.folder, target)
  } else found = inPackages(request, from, CJS)
  if (found) return host.realpath(found)
  if (request.startsWith('node:'))
    throw nodeError(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${request}`)
  const error = new Error(
    `Cannot find module '${request}'${stack.length > 0 ? `\nRequire stack:\n- ${stack.join('\n- ')}` : ''}`,
  )
  const frames = [
    'Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)',
    'Module._load (node:internal/modules/cjs/loader:1038:27)',
    ...(stack.length > 0
      ? ['Module.require (node:internal/modules/cjs/loader:1289:19)', 'require (node:internal/modules/helpers:182:18)']
      : [
          'Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)',
          'node:internal/main/run_main_module:28:49',
        ]),
  ]
  attachStack(error, rawOf(error), frames.map((frame) => `    at ${frame}`).join('\n'))
  error.code = 'MODULE_NOT_FOUND'
  error.requireStack = stack
  Object.defineProperty(error, internal.site, {
    value: `node:internal/modules/cjs/loader:${host.facts().loaderLine}\n  throw err;\n  ^`,
  })
  throw error
}

function missing(message, code = 'ERR_MODULE_NOT_FOUND') {
  const error = nodeError(Error, code, message)
  Object.defineProperty(error, internal.site, {
    value:
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'node:internal/modules/esm/resolve:873\n  throw new ERR_MODULE_NOT_FOUND(packageName, fileURLToPath(base), null);\n        ^'
        : 'node:internal/modules/esm/resolve:249\n    throw new ERR_UNSUPPORTED_DIR_IMPORT(path, fileURLToPath(base), String(resolved));\n          ^',
  })
  return error
}

function resolveImport(request, base) {
  base = path.resolve(base)
  if (internal.isBuiltin(request)) return `node:${request.replace(/^node:/, '')}`
  if (request.startsWith('node:'))
    throw nodeError(Error, 'ERR_UNKNOWN_BUILTIN_MODULE', `No such built-in module: ${request}`)
  if (request.startsWith('file://')) request = internal.builtin('url').fileURLToPath(request)
  const from = path.dirname(base)
  if (/^(?:\.{1,2}\/|\/)/.test(request)) {
    const target = path.resolve(from, decodeURIComponent(request.replace(/[?#].*$/, '')))
    if (host.kind(target) === 'directory')
      throw missing(
        `Directory import '${target}' is not supported resolving ES modules imported from ${base}`,
        'ERR_UNSUPPORTED_DIR_IMPORT',
      )
    if (!isFile(target)) {
      const error = missing(`Cannot find module '${target}' imported from ${base}`)
      error.url = `file://${target}`
      throw error
    }
    return host.realpath(target)
  }
  if (request.startsWith('#')) {
    const own = packageOf(base)
    const target = own?.json.imports && exported(own.json.imports, request, ESM)
    if (target) return path.resolve(own.folder, target)
  }
  const found = inPackages(request, from, ESM)
  if (!found) throw missing(`Cannot find package '${splitName(request)[1] ?? request}' imported from ${base}`)
  return host.realpath(found)
}

/** `module` or `commonjs`, by extension and the nearest package.json. */
function formatOf(file) {
  if (file.endsWith('.mjs')) return 'module'
  if (file.endsWith('.cjs')) return 'commonjs'
  if (file.endsWith('.json')) return 'json'
  return packageOf(file)?.json.type === 'module' ? 'module' : 'commonjs'
}

module.exports = { resolveRequire, resolveImport, packageOf, formatOf }

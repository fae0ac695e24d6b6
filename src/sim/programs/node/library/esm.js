// ES modules: the engine links them; here is what they are made of.
const { host } = internal
const path = internal.builtin('path')
const { resolveImport, formatOf } = internal.builtin('internal/resolve')
const { loadFile } = internal.builtin('internal/cjs')
const { pathToFileURL } = internal.builtin('url')
const values = new Map()

const RESERVED = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield await eval arguments'.split(
    ' ',
  ),
)

/** A module that only hands on what `values` has under its name. */
function synthetic(name, value) {
  values.set(name, value)
  const names = value !== null && (typeof value === 'object' || typeof value === 'function') ? Object.keys(value) : []
  const exports = names.filter((key) => /^[A-Za-z_$][\w$]*$/.test(key) && !RESERVED.has(key) && key !== '__esModule')
  const from = `__node__.value(${JSON.stringify(name)})`
  return `const v=${from};export default v;${exports.map((key) => `const $_${key}=v.${key};export{$_${key} as ${key}};`).join('')}`
}
__node__.value = (name) => values.get(name)

/** Source of a module for the engine: `s` before what is our own, `m` before what its author wrote. */
function source(name) {
  if (name.startsWith('node:')) return `s${synthetic(name, internal.builtin(name.slice(5)))}`
  const format = formatOf(name)
  if (format === 'module') return `m${host.readText(name)}`
  const text = format === 'commonjs' ? host.readText(name) : ''
  if (
    format === 'commonjs' &&
    Number(process.versions.node.split('.')[0]) >= 22 &&
    /^\s*(?:import\s|export\s)/m.test(text) &&
    !/\b(?:require\(|module\.exports)/.test(text)
  )
    return `m${text}`
  return `s${synthetic(name, loadFile(name, undefined).exports)}`
}

function meta(file) {
  return {
    dirname: path.dirname(file),
    filename: file,
    resolve: (request) => {
      const found = resolveImport(request, file)
      return found.startsWith('node:') ? found : pathToFileURL(found).href
    },
    url: pathToFileURL(file).href,
  }
}

/** Runs a module that waits for nothing and gives its namespace. */
function evaluateSync(file) {
  const result = host.runModule(file, '')
  return result
}

module.exports = { source, meta, evaluateSync, resolve: resolveImport }

// Begins what the command line asked for.
const { host } = internal
const { uncaught } = internal.builtin('internal/errors')

function start({ mode, file, source, print, modules, kind }) {
  const { runMain, loadFile } = internal.builtin('internal/cjs')
  const { resolveRequire, formatOf } = internal.builtin('internal/resolve')
  for (const name of modules) {
    const found = resolveRequire(name, process.cwd(), [])
    if (internal.isBuiltin(found)) internal.builtin(found.replace(/^node:/, ''))
    else loadFile(found)
  }
  if (mode === 'file') {
    const found = host.realpath(resolveMain(file))
    process.argv[1] = found
    if (kind !== 'module' && formatOf(found) !== 'module') runMain(found)
    else runModule(found, '')
  } else if (mode === 'repl') internal.builtin('internal/repl').start()
  else runText(mode, source, print, kind)
}

function resolveMain(file) {
  const path = internal.builtin('path')
  const { resolveRequire } = internal.builtin('internal/resolve')
  return resolveRequire(path.resolve(file), process.cwd(), [])
}

/** A module that may wait at its top level. */
function runModule(file, text) {
  const result = host.runModule(file, text)
  if (host.isPromise(result)) result.then(undefined, (error) => uncaught(error))
}

function runText(mode, source, print, kind) {
  const { anonymous, expose } = internal.builtin('internal/cjs')
  const name = `[${mode}]`
  if (
    kind === 'module' ||
    (!print &&
      /^\s*(?:import\s*[\w$*{'"][^(]|export\s)/m.test(source) &&
      Number(process.versions.node.split('.')[0]) >= 22)
  ) {
    runModule(`${process.cwd()}/[${mode}1]`, source)
    return
  }
  const { module, require } = anonymous(name)
  internal.main = module
  expose({ module, exports: module.exports, require, __filename: name, __dirname: '.' })
  let value
  try {
    value = host.runScript(name, source)
  } catch (error) {
    if (error instanceof SyntaxError && /^\s*import\s*[\w$*{'"]/m.test(source)) {
      internal.builtin('internal/errors').translate(error)
      error.message = 'Cannot use import statement outside a module'
    }
    throw error
  }
  if (print) console.log(value)
}

module.exports = { start, runModule }

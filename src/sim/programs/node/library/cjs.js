// CommonJS modules.
const { host } = internal
const path = internal.builtin('path')
const { resolveRequire, formatOf } = internal.builtin('internal/resolve')
const { nodeError, translate } = internal.builtin('internal/errors')
const cache = Object.create(null)
const major = Number(process.versions.node.split('.')[0])

class Module {
  constructor(id, parent) {
    this.id = id
    this.path = path.dirname(id)
    this.exports = {}
    this.filename = id
    this.loaded = false
    this.children = []
    this.paths = nodeModulePaths(this.path)
    Object.defineProperty(this, 'parent', { value: parent, enumerable: false, writable: true })
    parent?.children.push(this)
  }
  require(request) {
    return load(request, this)
  }
  _compile(source, file) {
    return run(this, source, file)
  }
}

function nodeModulePaths(from) {
  const paths = []
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (path.basename(folder) !== 'node_modules') paths.push(path.join(folder, 'node_modules'))
    if (folder === '/') return paths
  }
}

function requireStack(module) {
  const stack = []
  for (let at = module; at; at = at.parent) stack.push(at.filename)
  return stack.filter(Boolean)
}

function load(request, parent) {
  if (typeof request !== 'string')
    throw internal.builtin('internal/errors').invalidType('id', 'of type string', request)
  if (request === '')
    throw nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', "The argument 'id' must be a non-empty string. Received ''")
  const file = resolveRequire(request, parent.path, requireStack(parent))
  if (internal.isBuiltin(file)) return internal.builtin(file.replace(/^node:/, ''))
  return loadFile(file, parent).exports
}

function loadFile(file, parent) {
  const known = cache[file]
  if (known) return known
  const module = new Module(file, parent)
  cache[file] = module
  try {
    const extension = path.extname(file)
    if (Module._extensions[extension] && extension !== '.js') Module._extensions[extension](module, file)
    else Module._extensions['.js'](module, file)
    module.loaded = true
  } finally {
    if (!module.loaded) delete cache[file]
  }
  return module
}

function makeRequire(module) {
  const require = { require: (request) => load(request, module) }.require
  require.resolve = (request, { paths } = {}) =>
    resolveRequire(request, paths?.[0] ?? module.path, requireStack(module))
  require.resolve.paths = (request) => (internal.isBuiltin(request) ? null : module.paths)
  require.main = internal.main
  require.extensions = Module._extensions
  require.cache = cache
  return require
}

const MODULE_SYNTAX = /^\s*(?:import\s*(?:[\w$*{'"]|$)|export\s+(?:default|const|let|var|function|class|async|\{|\*))/m

function run(module, source, file) {
  let wrapper
  try {
    wrapper = host.compile(file, source, 'commonjs')
  } catch (error) {
    if (!(error instanceof SyntaxError) || !MODULE_SYNTAX.test(source)) throw error
    // Newer versions look at the syntax when the package does not tell what it is.
    if (major >= 22) {
      module.exports = internal.builtin('internal/esm').evaluateSync(file)
      return
    }
    translate(error)
    if (internal.main === module)
      host.write(
        2,
        `(node:${process.pid}) Warning: To load an ES module, set "type": "module" in the package.json or use the .mjs extension.\n(Use \`node --trace-warnings ...\` to show where the warning was created)\n`,
      )
    error.message = /^\s*import/m.test(source)
      ? 'Cannot use import statement outside a module'
      : "Unexpected token 'export'"
    const at = source.split('\n').findIndex((line) => MODULE_SYNTAX.test(line))
    Object.defineProperty(error, internal.site, {
      value: `${file}:${at + 1}\n${source.split('\n')[at]}\n${'^'.repeat(6)}`,
    })
    throw error
  }
  wrapper.call(module.exports, module.exports, makeRequire(module), module, file, path.dirname(file))
}

Object.assign(Module, {
  Module,
  _cache: cache,
  builtinModules: host
    .builtins()
    .filter((name) => !name.startsWith('internal/'))
    .sort(),
  isBuiltin: (name) => internal.isBuiltin(name),
  createRequire(from) {
    const file = `${from}`.startsWith('file:') ? internal.builtin('url').fileURLToPath(from) : `${from}`
    const module = new Module(file)
    return makeRequire(module)
  },
  _nodeModulePaths: nodeModulePaths,
  _resolveFilename: (request, parent) => resolveRequire(request, parent?.path ?? process.cwd(), requireStack(parent)),
  _load: (request, parent) => load(request, parent),
  wrap: (script) => `(function (exports, require, module, __filename, __dirname) { ${script}\n});`,
  _extensions: {
    '.js'(module, file) {
      if (formatOf(file) === 'module') {
        if (major < 22)
          throw nodeError(
            Error,
            'ERR_REQUIRE_ESM',
            `require() of ES Module ${file}${module.parent ? ` from ${module.parent.filename}` : ''} not supported.\nInstead change the require of ${path.basename(file)} in ${module.parent?.filename ?? 'null'} to a dynamic import() which is available in all CommonJS modules.`,
          )
        module.exports = internal.builtin('internal/esm').evaluateSync(file)
        return
      }
      run(module, host.readText(file), file)
    },
    '.json'(module, file) {
      try {
        module.exports = JSON.parse(host.readText(file).replace(/^\ufeff/, ''))
      } catch (error) {
        error.message = `${file}: ${error.message}`
        throw error
      }
    },
    '.node'(module, file) {
      throw new Error(`not simulated: native add-ons (${file})`)
    },
  },
})

/** Runs the program's own file. */
function runMain(file) {
  const module = new Module(file)
  module.id = '.'
  internal.main = module
  process.mainModule = module
  cache[file] = module
  Module._extensions[file.endsWith('.json') ? '.json' : '.js'](module, file)
  module.loaded = true
}

/** A module for text that has no file: `[eval]`, `[stdin]`, the REPL. */
function anonymous(name) {
  const module = new Module(path.join(process.cwd(), name))
  module.id = name
  module.filename = path.join(process.cwd(), name)
  return { module, require: makeRequire(module) }
}

/** A global that is not listed. */
function hide(key, value) {
  Object.defineProperty(globalThis, key, { value, writable: true, configurable: true, enumerable: false })
}

/** What text without a file finds around it: its own names, and each module of Node's by its name. */
function expose(names) {
  for (const [key, value] of Object.entries(names)) hide(key, value)
  for (const each of internal.builtin('module').builtinModules)
    if (!each.includes('/') && !(each in globalThis))
      Object.defineProperty(globalThis, each, {
        configurable: true,
        enumerable: false,
        get: () => internal.builtin(each),
        set: (value) => hide(each, value),
      })
}

module.exports = { Module, runMain, loadFile, anonymous, hide, expose, run }

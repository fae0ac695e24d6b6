import { AppletError } from '../applet/applet.ts'
import { MODULES, NOT_SIMULATED } from './modules/index.ts'
import { notSimulated } from './objects/errors.ts'
import { mainModule } from './runtime/main-module.ts'
import type { Runtime } from './runtime/runtime.ts'
import { isInstalled } from './runtime/site.ts'
import { serveFolder } from './serve-folder.ts'

/** `python -m NAME`: a module beside the program or of the library, as the main one. */
export async function runPackaged(runtime: Runtime, name: string): Promise<unknown> {
  const { process } = runtime
  const { files } = process
  const base = name.replaceAll('.', '/')
  for (const file of [`${base}.py`, `${base}/__main__.py`]) {
    if (!files.exists(file)) continue
    const absolute = `${process.cwd === '/' ? '' : process.cwd}/${file}`
    runtime.argv[0] = absolute
    const module = mainModule(runtime, absolute)
    module.attrs.set(
      '__package__',
      file.endsWith('__main__.py') ? name : name.slice(0, Math.max(0, name.lastIndexOf('.'))),
    )
    return runtime.execute(runtime.compile(files.readText(file), absolute), module)
  }
  const main = MODULES.get(`${name}.__main__`) ?? MODULES.get(name)
  if (main?.source?.includes("__name__ == '__main__'") || MODULES.has(`${name}.__main__`)) {
    runtime.argv[0] = `${runtime.path.at(-3) as string}/${base}.py`
    const module = mainModule(runtime)
    for (const [key, value] of main?.names?.(runtime) ?? []) module.attrs.set(key, value)
    return runtime.execute(runtime.compile(main!.source!, runtime.argv[0]), module)
  }
  if (name === 'flask' && isInstalled(runtime, 'flask')) {
    runtime.argv[0] = 'flask'
    return runtime.execute(runtime.compile('from flask.cli import main\nmain()\n', '<flask>'), mainModule(runtime))
  }
  if (name === (runtime.python2 ? 'SimpleHTTPServer' : 'http.server'))
    return serveFolder(process, runtime.argv.slice(1), runtime.version)
  if (NOT_SIMULATED.has(name) || MODULES.has(name)) throw notSimulated(`python -m ${name}`)
  throw new AppletError('', 1, `${runtime.executable}: No module named ${name}\n`)
}

import { SystemError } from '../../linux/errors.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { type CommandLine, parseCommandLine } from './command-line.ts'
import { prompt } from './prompt.ts'
import { runPackaged } from './run-module.ts'
import { conclude, mainModule } from './runtime/main-module.ts'
import { Runtime } from './runtime/runtime.ts'

/** ms of CPU until the interpreter has read its own modules. */
const START = 18

/** python: scripts, commands, modules and the prompt, over an interpreter of its own. */
export const main: Applet = async (call) => {
  const { process, args } = call
  const version = process.env.get('PYTHON_VERSION') ?? '3.11.2'
  const line = parseCommandLine(args)
  if (line.kind === 'version') {
    const text = `Python ${version}\n`
    await (version.startsWith('2') ? process.printError(text) : process.print(text))
    return 0
  }
  if (line.kind === 'help') {
    await process.print(`usage: ${process.argv[0]} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n`)
    return 0
  }
  if (line.kind === 'bad')
    throw new AppletError(
      '',
      2,
      `${line.what}\nusage: ${process.argv[0]} [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry \`python -h' for more information.\n`,
    )
  await process.compute(START)
  const unbuffered = line.unbuffered || (process.env.get('PYTHONUNBUFFERED') ?? '') !== ''
  const runtime = new Runtime(process, version, unbuffered)
  runtime.executable = `/usr/local/bin/python${version.startsWith('2') ? '2' : '3'}`
  if (process.stdin.tty && line.kind === 'stdin') return prompt(runtime, line.quiet)
  return conclude(runtime, async () => {
    const status = await run(runtime, line)
    if (line.interactive) await prompt(runtime, true)
    return status
  })
}

async function run(runtime: Runtime, line: CommandLine): Promise<unknown> {
  const { process } = runtime
  const library = `/usr/local/lib/python${/^\d+\.\d+/.exec(runtime.version)![0]}`
  const start = (argv0: string, folder: string) => {
    runtime.argv = [argv0, ...line.args]
    const extra = (process.env.get('PYTHONPATH') ?? '').split(':').filter(Boolean)
    runtime.path = [
      folder,
      ...extra,
      `${library.replace(/\.(\d+)$/, '$1')}.zip`,
      library,
      `${library}/lib-dynload`,
      `${library}/site-packages`,
    ]
  }
  switch (line.kind) {
    case 'command': {
      start('-c', '')
      const code = runtime.compile(line.what.endsWith('\n') ? line.what : `${line.what}\n`, '<string>')
      return runtime.execute(code, mainModule(runtime))
    }
    case 'module':
      start('-m', process.cwd)
      return runPackaged(runtime, line.what)
    case 'script': {
      let text: string
      let file = line.what
      try {
        if (process.files.stat(file).type === 'directory') {
          if (!process.files.exists(`${file}/__main__.py`))
            throw new AppletError('', 1, `${runtime.executable}: can't find '__main__' module in '${file}'\n`)
          file = `${file}/__main__.py`
        }
        text = process.files.readText(file)
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
        const shown = line.what.startsWith('/') ? line.what : `${process.cwd === '/' ? '' : process.cwd}/${line.what}`
        throw new AppletError(
          '',
          2,
          `${process.argv[0]?.includes('/') ? process.argv[0] : (process.argv[0] ?? 'python')}: can't open file '${shown}': [Errno ${error.errno}] ${error.message}\n`,
        )
      }
      const absolute = file.startsWith('/') ? file : `${process.cwd === '/' ? '' : process.cwd}/${file}`
      start(line.what, absolute.slice(0, Math.max(1, absolute.lastIndexOf('/'))))
      // Since 3.9, __file__ and tracebacks name a script by its whole path.
      const shown = runtime.python2 ? file : absolute
      return runtime.execute(runtime.compile(text, shown), mainModule(runtime, shown))
    }
    default: {
      start('', '')
      const parts: Uint8Array[] = []
      for (let part = await process.stdin.read(); part.length > 0; part = await process.stdin.read()) parts.push(part)
      const decoder = new TextDecoder()
      const text = parts.map((part) => decoder.decode(part, { stream: true })).join('')
      return runtime.execute(runtime.compile(text, '<stdin>'), mainModule(runtime))
    }
  }
}

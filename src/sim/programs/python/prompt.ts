import type { Code } from './compile/code.ts'
import { HardExit } from './modules/os.ts'
import { NotSimulated, PyError } from './objects/errors.ts'
import { mainModule, reportException } from './runtime/main-module.ts'
import type { Runtime } from './runtime/runtime.ts'

/** The interactive interpreter at a terminal. */
export async function prompt(runtime: Runtime, quiet: boolean): Promise<number> {
  const { process, version } = runtime
  const module = runtime.vm.modules.get('__main__') ?? mainModule(runtime)
  if (runtime.argv.length === 0) {
    runtime.argv = ['']
    runtime.path = ['', `/usr/local/lib/python${/^\d+\.\d+/.exec(version)![0]}/site-packages`]
  }
  if (!quiet)
    await process.print(
      runtime.python2
        ? `Python ${version} (default, Apr 20 2020, 20:29:35) \n[GCC 8.3.0] on linux2\nType "help", "copyright", "credits" or "license" for more information.\n`
        : `Python ${version} (main, Dec 19 2023, 20:14:15) [GCC 12.2.0] on linux\nType "help", "copyright", "credits" or "license" for more information.\n`,
    )
  let text = ''
  for (;;) {
    await process.print(text === '' ? '>>> ' : '... ')
    const line = await readLine(runtime)
    if (line === undefined) {
      await process.print('\n')
      await runtime.finish()
      return 0
    }
    text += `${line}\n`
    if (text.trim() === '') {
      text = ''
      continue
    }
    const code = compileLines(runtime, text, line.trim() === '')
    if (code === 'more') continue
    text = ''
    try {
      if (code instanceof PyError) throw code
      await runtime.execute(code, module)
      await runtime.stdout.flush()
    } catch (thrown) {
      if (thrown instanceof HardExit) return thrown.status
      if (thrown instanceof NotSimulated) await process.printError(`${thrown.message}\n`)
      else if (thrown instanceof PyError) {
        const status = await reportException(runtime, thrown.exception)
        if (thrown.exception.cls.name === 'SystemExit') {
          await runtime.finish()
          return status
        }
      } else throw thrown
    }
  }
}

/** A block is over at an empty line; what is not whole yet asks for more. */
function compileLines(runtime: Runtime, text: string, blank: boolean): Code | PyError | 'more' {
  const lines = text.replace(/\n$/, '').split('\n')
  const block =
    /:\s*(#.*)?$/.test(lines[0]!) || /^\s*@/.test(lines[0]!) || lines.slice(1).some((line) => /^\s/.test(line))
  if (block && !blank) {
    try {
      runtime.compile(text, '<stdin>', 'interactive')
    } catch (thrown) {
      if (thrown instanceof PyError && !thrown.exception.attrs.has('incomplete')) return thrown
    }
    return lines.length === 1 &&
      /:\s*\S+.*$/.test(lines[0]!) &&
      !/^\s*(if|for|while|def|class|try|with|@)/.test(lines[0]!)
      ? runtime.compile(text, '<stdin>', 'interactive')
      : 'more'
  }
  try {
    return runtime.compile(text, '<stdin>', 'interactive')
  } catch (thrown) {
    if (!(thrown instanceof PyError)) throw thrown
    return thrown.exception.attrs.has('incomplete') && !blank ? 'more' : thrown
  }
}

async function readLine({ stdin }: Runtime): Promise<string | undefined> {
  for (;;) {
    const line = stdin.line()
    if (line) return line.length === 0 ? undefined : String(stdin.decode(line)).replace(/\r?\n$/, '')
    await stdin.fill()
  }
}

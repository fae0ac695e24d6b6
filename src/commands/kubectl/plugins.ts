import type { Process } from '../../sim/linux/process.ts'

export interface Plugin {
  file: string
  args: string[]
}

/** `kubectl foo bar` runs `kubectl-foo-bar`, or `kubectl-foo` with an argument, found in PATH. */
export function findPlugin(process: Process, argv: readonly string[]): Plugin | undefined {
  const words: string[] = []
  for (const arg of argv) {
    if (arg.startsWith('-')) break
    words.push(arg.replaceAll('-', '_'))
  }
  for (let n = words.length; n > 0; n--) {
    const file = inPath(process, `kubectl-${words.slice(0, n).join('-')}`)
    if (file) return { file, args: argv.slice(n) }
  }
  return undefined
}

function inPath(process: Process, name: string): string | undefined {
  return pathFolders(process)
    .map((folder) => `${folder}/${name}`)
    .find((file) => process.files.exists(file) && process.files.access(file, { execute: true }))
}

export const pathFolders = (process: Process) => (process.env.get('PATH') ?? '').split(':').filter(Boolean)

export async function runPlugin(process: Process, plugin: Plugin): Promise<number> {
  const child = process.spawn({ argv: [plugin.file, ...plugin.args], file: plugin.file })
  const { code } = await process.wait(child)
  return code ?? 1
}

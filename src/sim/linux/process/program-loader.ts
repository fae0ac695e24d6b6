import { SystemError } from '../errors.ts'
import type { Location } from '../fs/mount.ts'
import { permitted, resolve, type Walker, walkerPath } from '../fs/walk.ts'
import type { Credentials, Program, SpawnOptions } from '../process.ts'
import { ALL_CAPABILITIES } from './capabilities.ts'
import { recognise } from './executable.ts'
import type { LoadedProgram } from './kernel-process.ts'

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Finds what execvp(3) would run. ENOENT, EACCES, ENOEXEC, ENOTDIR, ELOOP. */
export function loadProgram(
  walker: Walker & { credentials: Credentials },
  options: SpawnOptions,
  env: ReadonlyMap<string, string>,
  programs: ReadonlyMap<string, Program>,
): LoadedProgram {
  const name = options.file ?? options.argv[0] ?? ''
  const location = name.includes('/') ? resolve(walker, name) : search(walker, name, env.get('PATH') ?? DEFAULT_PATH)
  return load(walker, location, name, options.argv, programs, 0)
}

function search(walker: Walker, name: string, path: string): Location {
  if (name === '') throw new SystemError('ENOENT', name)
  let denied: SystemError | undefined
  for (const folder of path.split(':')) {
    try {
      const location = resolve(walker, `${folder === '' ? '.' : folder}/${name}`)
      check(walker, location, name)
      return location
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      if (error.code === 'EACCES') denied = error
    }
  }
  throw denied ?? new SystemError('ENOENT', name)
}

function check(walker: Walker, { inode, mount }: Location, path: string): void {
  if (inode.type !== 'file' || mount.options.noexec || !permitted(inode, walker.credentials, 1))
    throw new SystemError('EACCES', path)
}

function load(
  walker: Walker,
  location: Location,
  path: string,
  argv: readonly string[],
  programs: ReadonlyMap<string, Program>,
  depth: number,
): LoadedProgram {
  check(walker, location, path)
  const { inode, mount } = location
  const found = recognise(inode.readAt(0, 256))
  if (found.kind === 'other') throw new SystemError('ENOEXEC', path)
  if (found.kind === 'script') {
    if (depth >= 4) throw new SystemError('ELOOP', path)
    const [interpreter, ...rest] = found.line.split(/[ \t]+(.*)/s).filter((part) => part !== '')
    if (!interpreter) throw new SystemError('ENOEXEC', path)
    const script = path.includes('/') ? path : walkerPath(walker, location)
    const next = resolve(walker, interpreter)
    const args = [interpreter, ...rest.map((part) => part.trim()), script, ...argv.slice(1)]
    return { ...load(walker, next, interpreter, args, programs, depth + 1), comm: location.name.slice(0, 15) }
  }
  const { credentials } = walker
  const setuid = (inode.mode & 0o4000) !== 0 && !mount.options.nosuid && inode.uid !== credentials.uid
  return {
    program: programs.get(found.name) ?? notSimulated(found.name),
    argv,
    exe: location,
    comm: (path.split('/').at(-1) ?? path).slice(0, 15),
    ...(setuid
      ? {
          credentials: {
            ...credentials,
            uid: inode.uid,
            capabilities: inode.uid === 0 ? ALL_CAPABILITIES : credentials.capabilities,
          },
        }
      : {}),
  }
}

function notSimulated(name: string): Program {
  return async (process) => {
    await process.printError(`not simulated: the program ${name}\n`)
    return 126
  }
}

import type { Dialect } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { declare, exportBuiltin, local, readonly, unset } from './declare.ts'
import { cd, dirs, popd, pushd, pwd } from './directory.ts'
import { breaks, colon, continues, evaluate, exit, fails, getopts, letBuiltin, returns, shift } from './flow.ts'
import { help } from './help.ts'
import { bg, disown, fg, jobs, kill, wait } from './job-builtins.ts'
import { alias, builtin, command, hash, type, unalias } from './lookup-builtins.ts'
import { echo, printf } from './output.ts'
import { accepted, caller, exec, history, source, times, ulimit, umask } from './process-builtins.ts'
import { mapfile, read } from './read.ts'
import { set, shopt } from './set.ts'
import { test } from './test.ts'
import { trap } from './trap.ts'

const common: Readonly<Record<string, Builtin>> = {
  ':': colon,
  '.': source,
  '[': test,
  alias,
  bg,
  break: breaks,
  cd,
  command,
  continue: continues,
  echo,
  eval: evaluate,
  exec,
  exit,
  export: exportBuiltin,
  false: fails,
  fg,
  getopts,
  hash,
  jobs,
  kill,
  local,
  printf,
  pwd,
  read,
  readonly,
  return: returns,
  set,
  shift,
  test,
  times,
  trap,
  true: colon,
  type,
  ulimit,
  umask,
  unalias,
  unset,
  wait,
}

const tables: Readonly<Record<Dialect, ReadonlyMap<string, Builtin>>> = {
  dash: new Map(Object.entries(common)),
  ash: new Map(Object.entries({ ...common, source, let: letBuiltin, history, help, chdir: cd })),
  bash: new Map(
    Object.entries({
      ...common,
      bind: accepted,
      builtin,
      caller,
      compgen: accepted,
      complete: accepted,
      compopt: accepted,
      declare,
      dirs,
      disown,
      enable: accepted,
      help,
      history,
      let: letBuiltin,
      logout: exit,
      mapfile,
      popd,
      pushd,
      readarray: mapfile,
      shopt,
      source,
      typeset: declare,
    }),
  ),
}

/** POSIX special builtins: their errors end a plain sh, their assignments stay. */
export const SPECIAL_BUILTINS: ReadonlySet<string> = new Set([
  '.',
  ':',
  'break',
  'continue',
  'eval',
  'exec',
  'exit',
  'export',
  'readonly',
  'return',
  'set',
  'shift',
  'times',
  'trap',
  'unset',
])

export function findBuiltin(name: string, dialect: Dialect): Builtin | undefined {
  return tables[dialect].get(name)
}

export function builtinNames(): string[] {
  return [...tables.bash.keys()]
}

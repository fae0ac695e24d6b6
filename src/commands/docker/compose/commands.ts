import type { ComposeCommand } from './call.ts'
import { config } from './config.ts'
import { down } from './down.ts'
import { build, exec, kill, pause, port, pull, restart, rm, start, stop, top, unpause } from './lifecycle.ts'
import { logs } from './logs.ts'
import { images, ps } from './ps.ts'
import { run } from './run.ts'
import { create, up } from './up.ts'

/** As help lists them. */
export const COMMANDS: readonly ComposeCommand[] = [
  build,
  config,
  create,
  down,
  exec,
  images,
  kill,
  logs,
  pause,
  port,
  ps,
  pull,
  restart,
  rm,
  run,
  start,
  stop,
  top,
  unpause,
  up,
]

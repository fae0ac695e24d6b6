import type { Command } from './command.ts'
import { apply } from './commands/apply/apply.ts'
import { create } from './commands/create/create.ts'
import { deleteCommand } from './commands/delete/delete.ts'
import { describe } from './commands/describe.ts'
import { exec } from './commands/exec.ts'
import { expose } from './commands/expose.ts'
import { get } from './commands/get/get.ts'
import { annotate, label } from './commands/label.ts'
import { logs } from './commands/logs.ts'
import { patch } from './commands/patch.ts'
import { run } from './commands/run.ts'
import { scale } from './commands/scale.ts'

/** kubectl itself: its commands in the order and groups of its help. */
export const ROOT: Command = {
  name: 'kubectl',
  short: 'kubectl controls the Kubernetes cluster manager',
  subcommands: [create, expose, run, get, deleteCommand, scale, describe, logs, exec, patch, apply, label, annotate],
}

import type { Command } from './command.ts'
import { apply } from './commands/apply/apply.ts'
import { create } from './commands/create/create.ts'
import { deleteCommand } from './commands/delete/delete.ts'
import { get } from './commands/get/get.ts'

/** kubectl itself: its commands in the order and groups of its help. */
export const ROOT: Command = {
  name: 'kubectl',
  short: 'kubectl controls the Kubernetes cluster manager',
  subcommands: [create, get, deleteCommand, apply],
}

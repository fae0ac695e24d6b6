import type { CliCommand } from '../command.ts'

/** Every command by its word; each is loaded when it is used. */
export const commands: Record<string, () => Promise<CliCommand>> = {
  '': async () => (await import('./study.ts')).study,
  demo: async () => (await import('./demo.ts')).demo,
  list: async () => (await import('./list.ts')).list,
  lab: async () => (await import('./lab.ts')).lab,
  shell: async () => (await import('./shell.ts')).shell,
  run: async () => (await import('./run.ts')).run,
  grade: async () => (await import('./grade.ts')).grade,
  submit: async () => (await import('./submit.ts')).submit,
  serve: async () => (await import('./serve.ts')).serve,
  new: async () => (await import('./new.ts')).newFile,
  check: async () => (await import('./check.ts')).check,
}

import type { Builtin } from './builtin.ts'

/** `help`: what is built in, and where to read on. */
export const help: Builtin = async ({ shell, args }) => {
  if (args.length > 0) {
    const [name] = args
    if (!shell.interpreter.isBuiltin(name!)) {
      await shell.complain(
        `no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`,
      )
      return 1
    }
    await shell.process.print(`${name}: ${name} [arguments]\n    A shell builtin.\n`)
    return 0
  }
  const heading = shell.isBash
    ? "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nThese shell commands are defined internally.  Type `help name' to find out more.\n\n"
    : 'Built-in commands:\n------------------\n\t'
  const names = shell.interpreter.builtinNames().sort()
  await shell.process.print(`${heading}${names.join(' ')}\n`)
  return 0
}

import { readFileSync } from 'node:fs'
import { beginWorld } from '../../course/session/begin-world.ts'
import { variantOf } from '../../course/variants.ts'
import { type CliCommand, UsageError } from '../command.ts'
import { worldSource } from '../world-source.ts'
import { readWorldOptions, worldOptions } from './world-options.ts'

export const run: CliCommand = {
  usage: 'run [FILE|-] [--topology T] [--lab LAB] [--seed N]',
  summary: 'runs a shell script in a fresh world at full speed',
  help: 'Prints what the script prints and exits with its status. --lab begins where that lab begins.\nTopologies: none, docker, minikube, two-node (unless told), three-node.',
  options: { ...worldOptions, lab: { type: 'string' } },
  operands: [0, 1],
  async run(input, context) {
    const { topology, seed } = readWorldOptions(input)
    const script = readScript(input.operands[0] ?? '-')
    const start =
      input.values.lab === undefined
        ? { topology: topology ?? 'two-node' }
        : variantOf(await context.lab(String(input.values.lab)), seed).start
    const { world } = await beginWorld(await worldSource(), start, seed)
    const result = await world.script(script, { deadline: Number.POSITIVE_INFINITY })
    process.stdout.write(result.stdout)
    process.stderr.write(result.stderr)
    return result.status
  },
}

function readScript(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UsageError(
      `cannot read ${file === '-' ? 'standard input' : file}: ${(error as NodeJS.ErrnoException).code}`,
    )
  }
}

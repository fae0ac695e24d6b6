import type { DockerCommand } from '../cli/command.ts'
import { CONTAINER_CHECKS } from '../cli/container-options.ts'
import { createContainer } from '../cli/run-container.ts'
import { run } from './run.ts'

/** `docker create` knows all flags of `docker run` but these. */
const ONLY_RUN = new Set(['detach', 'detach-keys', 'sig-proxy'])
/** With the stray bar that the real help has. */
const PULL = 'Pull image before creating ("always", "|missing", "never") (default "missing")'

export const create: DockerCommand = {
  paths: ['create', 'container create'],
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  summary: 'Create a new container',
  aliases: 'docker container create, docker create',
  flags: run.flags
    .filter(({ name }) => !ONLY_RUN.has(name))
    .map((flag) => (flag.name === 'pull' ? { ...flag, text: PULL } : flag)),
  args: { min: 1 },
  passesArguments: true,
  checks: CONTAINER_CHECKS,
  async run(session) {
    const { id } = await createContainer(session)
    await session.print(`${id}\n`)
    return 0
  },
}

import type { DockerCommand } from '../cli/command.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { showVersion } from '../cli/show-version.ts'

export const version: DockerCommand = {
  paths: ['version'],
  usage: '[OPTIONS]',
  summary: 'Show the Docker version information',
  flags: OBJECT_FORMAT,
  args: { min: 0, max: 0 },
  run: showVersion,
}

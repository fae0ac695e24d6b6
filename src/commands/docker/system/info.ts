import type { DockerCommand } from '../cli/command.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { showInfo } from '../cli/show-info.ts'

export const info: DockerCommand = {
  paths: ['info', 'system info'],
  usage: '[OPTIONS]',
  summary: 'Display system-wide information',
  aliases: 'docker system info, docker info',
  flags: OBJECT_FORMAT,
  args: { min: 0, max: 0 },
  run: showInfo,
}

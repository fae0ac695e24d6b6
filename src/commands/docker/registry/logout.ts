import type { DockerCommand } from '../cli/command.ts'
import { logOut } from '../cli/credentials.ts'
import { flags } from '../cli/flag.ts'

export const logout: DockerCommand = {
  paths: ['logout'],
  usage: '[SERVER]',
  summary: 'Log out from a registry.\nIf no server is specified, the default is defined by the daemon.',
  flags: flags`

`,
  args: { min: 0, max: 1 },
  run: logOut,
}

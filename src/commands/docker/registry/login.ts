import type { DockerCommand } from '../cli/command.ts'
import { logIn } from '../cli/credentials.ts'
import { flags } from '../cli/flag.ts'

export const login: DockerCommand = {
  paths: ['login'],
  usage: '[OPTIONS] [SERVER]',
  summary: 'Authenticate to a registry.\nDefaults to Docker Hub if no server is specified.',
  flags: flags`
  -p, --password string   Password or Personal Access Token (PAT)
      --password-stdin    Take the Password or Personal Access Token (PAT) from stdin
  -u, --username string   Username
`,
  args: { min: 0, max: 1 },
  run: logIn,
}

import type { DockerCommand } from '../cli/command.ts'
import { copyFiles } from '../cli/copy-files.ts'
import { flags } from '../cli/flag.ts'

export const cp: DockerCommand = {
  paths: ['cp', 'container cp'],
  usage: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n[OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH',
  summary: 'Copy files/folders between a container and the local filesystem',
  description: `Copy files/folders between a container and the local filesystem

Use '-' as the source to read a tar archive from stdin
and extract it to a directory destination in a container.
Use '-' as the destination to stream a tar archive of a
container source to stdout.`,
  aliases: 'docker container cp, docker cp',
  flags: flags`
  -a, --archive       Archive mode (copy all uid/gid information)
  -L, --follow-link   Always follow symbol link in SRC_PATH
  -q, --quiet         Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached
`,
  args: { min: 2, max: 2 },
  run: copyFiles,
}

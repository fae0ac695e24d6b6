import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

export const search: DockerCommand = {
  paths: ['search'],
  usage: '[OPTIONS] TERM',
  summary: 'Search Docker Hub for images',
  flags: flags`
  -f, --filter filter   Filter output based on conditions provided
      --format string   Pretty-print search using a Go template
      --limit int       Max number of search results
      --no-trunc        Don't truncate output
`,
  args: { min: 1, max: 1 },
  async run({ client, args }) {
    await client.get('/images/search', { term: args[0] })
    return 0
  },
}

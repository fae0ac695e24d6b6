import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { HISTORY, type HistoryItem, historyRow } from '../format/history.ts'
import { formatList } from '../format/list.ts'

export const history: DockerCommand = {
  paths: ['history', 'image history'],
  usage: '[OPTIONS] IMAGE',
  summary: 'Show the history of an image',
  aliases: 'docker image history, docker history',
  flags: [
    ...TABLE_FORMAT,
    ...flags`
  -H, --human             Print sizes and dates in human readable format (default true)
      --no-trunc          Don't truncate output
  !1.48 --platform string   Show history for the given platform. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
  -q, --quiet             Only show image IDs
`,
  ],
  args: { min: 1, max: 1 },
  async run({ client, flags, args, process, print }) {
    const list = await client.get<HistoryItem[]>(`/images/${args[0]}/history`)
    const rows = list.map((item) =>
      historyRow(item, { truncate: !flags.bool('no-trunc'), human: flags.bool('human'), now: process.wallClock() }),
    )
    await print(formatList(rows, HISTORY, flags.string('format'), flags.bool('quiet')))
    return 0
  },
}

import type { DockerCommand } from '../cli/command.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { IMAGES, IMAGES_WITH_DIGESTS, type ImageSummary, imageRows } from '../format/images.ts'
import { formatList } from '../format/list.ts'

export const images: DockerCommand = {
  paths: ['images', 'image ls', 'image list'],
  usage: '[OPTIONS] [REPOSITORY[:TAG]]',
  summary: 'List images',
  aliases: 'docker image ls, docker image list, docker images',
  flags: [
    ...flags`
  -a, --all             Show all images (default hides intermediate images)
      --digests         Show digests
  -f, --filter filter   Filter output based on conditions provided
`,
    ...TABLE_FORMAT,
    ...flags`
      --no-trunc        Don't truncate output
  -q, --quiet           Only show image IDs
  !1.47 --tree          List multi-platform images as a tree (EXPERIMENTAL)
`,
  ],
  args: { min: 0, max: 1 },
  async run({ client, flags, args, process, print }) {
    const extra: Record<string, string[]> = args[0] === undefined ? {} : { reference: [args[0]] }
    const list = await client.get<ImageSummary[]>('/images/json', {
      all: flags.bool('all') ? 1 : undefined,
      filters: filterQuery(flags.list('filter'), extra),
    })
    const digests = flags.bool('digests')
    const dangling = flags.list('filter').some((filter) => filter === 'dangling=true')
    const rows = imageRows(list, {
      truncate: !flags.bool('no-trunc'),
      digests: digests || /\.Digest\b/.test(flags.string('format') ?? ''),
      now: process.wallClock(),
      wanted: dangling ? undefined : args[0],
    })
    await print(formatList(rows, digests ? IMAGES_WITH_DIGESTS : IMAGES, flags.string('format'), flags.bool('quiet')))
    return 0
  },
}

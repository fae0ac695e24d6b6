import { humanSize } from '../../../sim/containers/units.ts'
import { flags } from '../cli/flag.ts'
import { containerRow, shortId } from '../format/containers.ts'
import { alignTable } from '../format/table.ts'
import { type ComposeCommand, containersOf, nameOf, serviceOf } from './call.ts'

export const ps: ComposeCommand = {
  name: 'ps',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'List containers',
  flags: flags`
  -a, --all              Show all stopped containers (including those created by the run command)
      --format string    Format output using a custom template (default "table")
      --no-trunc         Don't truncate output
  -q, --quiet            Only display IDs
      --services         Display services
      --status strings   Filter services by status. Values: [paused | restarting | removing | running | dead | created | exited]
`,
  async run(call) {
    const { flags: given, process } = call
    const wanted = given.list('status')
    const all = given.bool('all') || wanted.length > 0
    const list = (await containersOf(call, { all, oneOff: given.bool('all') })).filter(
      (one) => wanted.length === 0 || wanted.includes(one.State),
    )
    if (given.bool('quiet')) await process.print(list.map((one) => `${one.Id}\n`).join(''))
    else if (given.bool('services'))
      await process.print([...new Set(list.map(serviceOf))].map((name) => `${name}\n`).join(''))
    else if (given.string('format') === 'json')
      await process.print(
        list
          .map((one) => {
            const row = containerRow(one, !given.bool('no-trunc'), process.wallClock())
            const { Command, CreatedAt, RunningFor, State, Status, Ports } = row
            const common = { Command, CreatedAt, ID: shortId(one.Id), Image: one.Image, Name: nameOf(one), Ports }
            return `${JSON.stringify({ ...common, Project: call.project.name, RunningFor, Service: serviceOf(one), State, Status })}\n`
          })
          .join(''),
      )
    else {
      const rows = list.map((one) => {
        const row = containerRow(one, !given.bool('no-trunc'), process.wallClock())
        return [nameOf(one), row.Image, row.Command, serviceOf(one), row.RunningFor, row.Status, row.Ports].join('\t')
      })
      await process.print(alignTable(['NAME\tIMAGE\tCOMMAND\tSERVICE\tCREATED\tSTATUS\tPORTS', ...rows]))
    }
    return 0
  },
}

export const images: ComposeCommand = {
  name: 'images',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'List images used by the created containers',
  flags: flags`
  -q, --quiet   Only display IDs
`,
  async run(call) {
    const rows: string[] = []
    for (const one of await containersOf(call)) {
      const { Id, Size, RepoTags } = await call.client.get<{ Id: string; Size: number; RepoTags: string[] }>(
        `/images/${one.ImageID}/json`,
      )
      const full = RepoTags[0] ?? '<none>:<none>'
      const at = full.lastIndexOf(':')
      if (call.flags.bool('quiet')) rows.push(Id.slice(7))
      else
        rows.push(
          [nameOf(one), full.slice(0, at), full.slice(at + 1), 'linux/amd64', shortId(Id), humanSize(Size, 3)].join(
            '\t',
          ),
        )
    }
    if (call.flags.bool('quiet')) await call.process.print([...new Set(rows)].map((row) => `${row}\n`).join(''))
    else await call.process.print(alignTable(['CONTAINER\tREPOSITORY\tTAG\tPLATFORM\tIMAGE ID\tSIZE', ...rows]))
    return 0
  },
}

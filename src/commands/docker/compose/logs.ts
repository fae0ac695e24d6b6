import type { StreamItem } from '../../../sim/containers/api/container-streams.ts'
import { flags } from '../cli/flag.ts'
import type { ContainerSummary } from '../format/containers.ts'
import { type ComposeCall, type ComposeCommand, containersOf, nameOf, serviceOf } from './call.ts'

/** Shows what the services print, each line with its service; with `exits` also how they end. */
export async function follow(call: ComposeCall, options: { follow: boolean; exits?: boolean }): Promise<void> {
  const { flags: given, project, client, process } = call
  const list = await containersOf(call)
  const label = (one: ContainerSummary) => {
    if (given.bool('no-log-prefix')) return ''
    return project.services[serviceOf(one)]?.container_name ? nameOf(one) : `${serviceOf(one)}-1`
  }
  const width = Math.max(0, ...list.map((one) => label(one).length))
  const prefix = (one: ContainerSummary) => (given.bool('no-log-prefix') ? '' : `${label(one).padEnd(width)}  | `)
  const show = async (one: ContainerSummary) => {
    const stream = await client.stream('GET', `/containers/${one.Id}/logs`, {
      query: {
        stdout: 1,
        stderr: 1,
        follow: options.follow ? 1 : undefined,
        timestamps: given.bool('timestamps') ? 1 : undefined,
        tail: given.string('tail') ?? 'all',
      },
    })
    for await (const item of stream as AsyncIterable<StreamItem>)
      for (const line of item.text.replace(/\n$/, '').split('\n')) await process.print(`${prefix(one)}${line}\n`)
    if (!options.exits) return
    const { State } = await client.get<{ State: { ExitCode: number } }>(`/containers/${one.Id}/json`)
    await process.print(`${label(one)} exited with code ${State.ExitCode}\n`)
  }
  if (options.follow) await Promise.all(list.map(show))
  else for (const one of list) await show(one)
}

export const logs: ComposeCommand = {
  name: 'logs',
  usage: '[OPTIONS] [SERVICE...]',
  summary: 'View output from containers',
  flags: flags`
  -f, --follow          Follow log output
      --no-color        Produce monochrome output
      --no-log-prefix   Don't print prefix in logs
  -n, --tail string     Number of lines to show from the end of the logs for each container (default "all")
  -t, --timestamps      Show timestamps
`,
  async run(call) {
    await follow(call, { follow: call.flags.bool('follow') })
    return 0
  },
}

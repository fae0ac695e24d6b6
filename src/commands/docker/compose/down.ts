import { flags } from '../cli/flag.ts'
import { type ComposeCommand, containersOf, exists, nameOf, serviceOf } from './call.ts'
import { ComposeProgress } from './progress.ts'
import { inOrder } from './project.ts'
import { imageOf, networkName, volumeName } from './service.ts'

export const down: ComposeCommand = {
  name: 'down',
  usage: '[OPTIONS] [SERVICES]',
  summary: 'Stop and remove containers, networks',
  flags: flags`
      --remove-orphans   Remove containers for services not defined in the Compose file
      --rmi string       Remove images used by services. "local" remove only images that don't have a custom tag ("local"|"all")
  -t, --timeout int      Specify a shutdown timeout in seconds
  -v, --volumes          Remove named volumes declared in the "volumes" section of the Compose file and anonymous volumes attached to containers
`,
  async run(call) {
    const { client, project, process, flags: given } = call
    const progress = new ComposeProgress(process)
    const order = inOrder(project, [])
    const rank = (service: string) => order.indexOf(service)
    const list = (await containersOf(call, { oneOff: true }))
      .filter((one) => given.bool('remove-orphans') || rank(serviceOf(one)) >= 0)
      .sort((a, b) => rank(serviceOf(b)) - rank(serviceOf(a)))
    for (const one of list) {
      const label = `Container ${nameOf(one)}`
      await progress.working(label, 'Stopping')
      if (one.State === 'running') await client.post(`/containers/${one.Id}/stop`, { t: given.string('timeout') })
      await progress.working(label, 'Stopped')
      await progress.working(label, 'Removing')
      await client.delete(`/containers/${one.Id}`, { force: 1, v: given.bool('volumes') ? 1 : undefined })
      await progress.done(label, 'Removed')
    }
    if (call.args.length > 0) return 0
    const rmi = given.string('rmi')
    for (const [name, service] of rmi ? Object.entries(project.services) : []) {
      const image = imageOf(project, name)
      if ((rmi === 'local' && service.image) || !(await exists(client, `/images/${image}/json`))) continue
      await progress.working(`Image ${image}`, 'Removing')
      await client.delete(`/images/${image}`, { force: 1 })
      await progress.done(`Image ${image}`, 'Removed')
    }
    for (const name of given.bool('volumes') ? Object.keys(project.volumes) : []) {
      const volume = volumeName(project, name)
      if (project.volumes[name]?.external || !(await exists(client, `/volumes/${volume}`))) continue
      await progress.working(`Volume ${volume}`, 'Removing')
      await client.delete(`/volumes/${volume}`)
      await progress.done(`Volume ${volume}`, 'Removed')
    }
    for (const name of new Set(['default', ...Object.keys(project.networks)])) {
      const network = networkName(project, name)
      if (project.networks[name]?.external || !(await exists(client, `/networks/${network}`))) continue
      await progress.working(`Network ${network}`, 'Removing')
      await client.delete(`/networks/${network}`)
      await progress.done(`Network ${network}`, 'Removed')
    }
    return 0
  },
}

import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { mapContainers, PartialChange, setEach, setFlags, withPodSpec } from './each.ts'

export const setImage: Command = {
  name: 'image',
  short: 'Update the image of a pod template',
  long: `Update existing container image(s) of resources.

 Possible resources include (case insensitive):

  pod (po), replicationcontroller (rc), deployment (deploy), daemonset (ds), statefulset (sts), cronjob (cj), replicaset (rs)`,
  examples: `
# Set a deployment's nginx container image to 'nginx:1.9.1', and its busybox container image to 'busybox'
kubectl set image deployment/nginx busybox=busybox nginx=nginx:1.9.1

# Update all deployments' and rc's nginx container's image to 'nginx:1.9.1'
kubectl set image deployments,rc nginx=nginx:1.9.1 --all`,
  use: 'image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  flags: setFlags(),
  async run(session) {
    const resources: string[] = []
    const images: [string, string][] = []
    for (const arg of session.args) {
      const eq = arg.indexOf('=')
      if (eq > 0) images.push([arg.slice(0, eq), arg.slice(eq + 1)])
      else resources.push(arg)
    }
    if (resources.length === 0 && session.flags.list('filename').length === 0) {
      throw new CliError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    await setEach(session, resources, {
      operation: 'image updated',
      failure: 'image update to pod template',
      change(object) {
        if (images.length === 0) throw new CliError('at least one image update is required')
        const errors: Error[] = []
        const changed = withPodSpec(object, (spec) => {
          let current = spec
          for (const [name, image] of images) {
            const result = mapContainers(current, name, (container) => ({ ...container, image }))
            if (result.matched === 0)
              errors.push(new CliError(`unable to find container named ${JSON.stringify(name)}`))
            current = result.spec
          }
          return current
        })
        if (errors.length > 0) throw new PartialChange(changed, errors)
        return changed
      },
    })
  },
}

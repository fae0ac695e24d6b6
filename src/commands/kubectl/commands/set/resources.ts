import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { string } from '../../flags/flag.ts'
import { resourceList } from '../create/quota.ts'
import { mapContainers, setEach, setFlags, withPodSpec } from './each.ts'

export const setResources: Command = {
  name: 'resources',
  short: 'Update resource requests/limits on objects with pod templates',
  long: `Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.  If a pod is successfully scheduled, it is guaranteed the amount of resource requested, but may burst up to its specified limits.

 For each compute resource, if a limit is specified and a request is omitted, the request will default to the limit.`,
  examples: `
# Set a deployments nginx container cpu limits to "200m" and memory to "512Mi"
kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi

# Set the resource request and limits for all containers in nginx
kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi`,
  use: 'resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags: [
    ...setFlags(),
    string(
      'containers',
      'The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards',
      { shorthand: 'c', default: '*' },
    ),
    string(
      'limits',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges.",
    ),
    string(
      'requests',
      "The resource requirement requests for this container.  For example, 'cpu=100m,memory=256Mi'.  Note that server side components may assign requests depending on the server configuration, such as limit ranges.",
    ),
  ],
  async run(session) {
    const { flags, args } = session
    if (!flags.string('limits') && !flags.string('requests'))
      throw new CliError('you must specify an update to requests or limits (in the form of --requests/--limits)')
    const limits = resourceList(flags.string('limits'))
    const requests = resourceList(flags.string('requests'))
    await setEach(session, args, {
      operation: 'resource requirements updated',
      failure: 'resources update to pod template',
      change: (object) =>
        withPodSpec(object, (spec) => {
          const result = mapContainers(spec, flags.string('containers'), (container) => ({
            ...container,
            resources: {
              ...container.resources,
              ...(limits ? { limits: { ...container.resources?.limits, ...limits } } : {}),
              ...(requests ? { requests: { ...container.resources?.requests, ...requests } } : {}),
            },
          }))
          if (result.matched === 0) throw new CliError(`unable to find container named ${flags.string('containers')}`)
          return result.spec
        }),
    })
  },
}

import { CliError } from '../../errors/errors.ts'
import { string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { commandOf, generator } from './generator.ts'

export const createJob = generator({
  name: 'job',
  short: 'Create a job with the specified name',
  examples: `
# Create a job
kubectl create job my-job --image=busybox

# Create a job with a command
kubectl create job my-job --image=busybox -- date

# Create a job from a cron job named "a-cronjob"
kubectl create job test-job --from=cronjob/a-cronjob`,
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  flags: [
    string('image', 'Image name to run.'),
    string('from', 'The name of the resource to create a Job from (only cronjob is supported).'),
  ],
  command: true,
  failure: 'failed to create job: ',
  async build(session, name) {
    const image = session.flags.string('image')
    const from = session.flags.string('from')
    if ((image === '') === (from === '')) throw new CliError('either --image or --from must be specified')
    if (from) return fromCronJob(session, name, from)
    const command = commandOf(session)
    return {
      kind: 'Job',
      apiVersion: 'batch/v1',
      metadata: { name },
      spec: { template: podTemplate(name, image, command, 'Never') },
      status: {},
    }
  },
})

export function podTemplate(name: string, image: string, command: readonly string[], restartPolicy: string): object {
  return {
    metadata: {},
    spec: {
      containers: [{ name, image, ...(command.length > 0 ? { command } : {}), resources: {} }],
      restartPolicy,
    },
  }
}

async function fromCronJob(session: Session, name: string, from: string): Promise<object> {
  if (commandOf(session).length > 0) throw new CliError('cannot specify --from and command')
  const [type, source] = from.split('/')
  const resource = await session.mapper.resource(type!)
  if (!source) throw new CliError('from must be an existing cronjob')
  const cronJob = await session.client.json({
    path: `/apis/${resource.group}/${resource.version}/namespaces/${session.namespace}/${resource.resource}/${source}`,
  })
  if (cronJob.kind !== 'CronJob') throw new CliError(`unknown object type ${cronJob.kind}`)
  const { metadata, spec } = cronJob
  const template = spec.jobTemplate
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: {
      name,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template.metadata?.annotations },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid, controller: true },
      ],
    },
    spec: template.spec,
    status: {},
  }
}

import { string } from '../../flags/flag.ts'
import { commandOf, generator } from './generator.ts'
import { podTemplate } from './job.ts'

export const createCronJob = generator({
  name: 'cronjob',
  aliases: ['cj'],
  short: 'Create a cron job with the specified name',
  examples: `
# Create a cron job
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *"

# Create a cron job with a command
kubectl create cronjob my-job --image=busybox --schedule="*/1 * * * *" -- date`,
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...]",
  flags: [
    string('image', 'Image name to run.', { required: true }),
    string('restart', "job's restart policy. supported values: OnFailure, Never"),
    string('schedule', 'A schedule in the Cron format the job should be run with.', { required: true }),
  ],
  command: true,
  failure: 'failed to create cronjob: ',
  build(session, name) {
    const { flags } = session
    return {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name },
      spec: {
        schedule: flags.string('schedule'),
        jobTemplate: {
          metadata: { name },
          spec: {
            template: podTemplate(
              name,
              flags.string('image'),
              commandOf(session),
              flags.string('restart') || 'OnFailure',
            ),
          },
        },
      },
      status: {},
    }
  },
})

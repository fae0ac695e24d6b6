import { CliError } from '../../errors/errors.ts'
import { array, int, string } from '../../flags/flag.ts'
import { commandOf, generator } from './generator.ts'

export const createDeployment = generator({
  name: 'deployment',
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name',
  examples: `
# Create a deployment named my-dep that runs the busybox image
kubectl create deployment my-dep --image=busybox

# Create a deployment with a command
kubectl create deployment my-dep --image=busybox -- date

# Create a deployment named my-dep that runs the nginx image with 3 replicas
kubectl create deployment my-dep --image=nginx --replicas=3`,
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  flags: [
    {
      ...array('image', 'Image names to run. A deployment can have multiple images set for multi-container pod.'),
      type: 'list',
      required: true,
    },
    int('port', 'The containerPort that this deployment exposes.', { default: '-1', type: 'int32' }),
    int('replicas', 'Number of replicas to create. Default is 1.', { default: '1', shorthand: 'r', type: 'int32' }),
    string('restart', '', { hidden: true }),
  ],
  command: true,
  failure: 'failed to create deployment: ',
  build(session, name) {
    const images = session.flags.list('image')
    const command = commandOf(session)
    if (images.length > 1 && command.length > 0) {
      throw new CliError('cannot specify multiple --image options and command')
    }
    const port = session.flags.int('port')
    const labels = { app: name }
    return {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name, labels },
      spec: {
        replicas: session.flags.int('replicas'),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: images.map((image, i) => ({
              name: containerName(image, images, i),
              image,
              ...(command.length > 0 ? { command } : {}),
              ...(port >= 0 ? { ports: [{ containerPort: port }] } : {}),
              resources: {},
            })),
          },
        },
        strategy: {},
      },
      status: {},
    }
  },
})

/** `registry/team/web_app:1` → `web-app`; a second one of that name gets a number. */
function containerName(image: string, images: readonly string[], index: number): string {
  const base = (text: string) => text.split('/').at(-1)!.split(/[:@]/)[0]!.replaceAll('_', '-')
  const name = base(image)
  const earlier = images.slice(0, index).filter((other) => base(other) === name).length
  return earlier > 0 ? `${name}-${earlier}` : name
}

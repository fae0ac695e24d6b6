import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { type Call, COMMON, type Command, Exit } from './command.ts'
import { mustOnNode, onNode } from './node-shell.ts'
import type { Profile } from './profile.ts'
import { running } from './running.ts'
import { capture } from './shell.ts'
import { table } from './table.ts'

const CTR = 'sudo ctr --namespace k8s.io images'
const ARCHIVE = '/tmp/minikube-image.tar'

/** `docker.io/library/web:v1` of `web:v1` */
function canonical(name: string): string {
  const tagged = /[:@][^/]*$/.test(name) ? name : `${name}:latest`
  const [first = '', ...rest] = tagged.split('/')
  if (rest.length === 0) return `docker.io/library/${tagged}`
  return /[.:]|^localhost$/.test(first) ? tagged : `docker.io/${tagged}`
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** What `docker save` writes of an image; undefined when Docker has none of that name. */
async function saved(process: Process, name: string): Promise<Uint8Array | undefined> {
  const { status } = await capture(process, ['docker', 'save', '-o', ARCHIVE, name])
  if (status !== 0) return undefined
  const bytes = process.files.readBytes(ARCHIVE)
  process.files.unlink(ARCHIVE)
  return bytes
}

async function loadInto(process: Process, profile: Profile, bytes: Uint8Array): Promise<void> {
  for (const { ip } of profile.nodes) {
    const { status, stderr } = await onNode(process, ip, `${CTR} import -`, bytes)
    if (status !== 0) throw new Exit('GUEST_IMAGE_LOAD', `Failed to load image: ${stderr.trim()}`, 80)
  }
}

const load: Command = {
  name: 'image load',
  summary: 'Load an image into minikube',
  flags: [
    ...COMMON,
    ...flags`
      --daemon      Cache image from docker daemon
      --overwrite   Overwrite image even if same image:tag name exists (default true)
      --pull        Pull the remote image (no caching)
      --remote      Cache image from remote registry
`,
  ],
  async run(call) {
    const { process, args } = call
    if (args.length === 0)
      throw new Exit(
        'MK_USAGE',
        'Please provide an image in your local daemon to load into minikube via <minikube image load IMAGE_NAME>',
        14,
      )
    const profile = await running(call)
    for (const name of args) {
      const file = process.files.exists(name) ? process.files.readBytes(name) : undefined
      const bytes = file ?? (await saved(process, name))
      if (bytes) {
        await loadInto(process, profile, bytes)
        continue
      }
      for (const { ip } of profile.nodes) {
        const { status } = await onNode(process, ip, `sudo crictl pull ${quoted(name)}`)
        if (status !== 0)
          throw new Exit(
            'GUEST_IMAGE_LOAD',
            `Failed to load image: save to dir: caching images: caching image "${name}": unable to calculate manifest: Error response from daemon: No such image: ${name}`,
            80,
          )
      }
    }
    return 0
  },
}

interface NodeImage {
  id: string
  repoTags: string[]
  size: string
}

async function imagesOf(process: Process, ip: string): Promise<NodeImage[]> {
  return JSON.parse(await mustOnNode(process, ip, 'sudo crictl images -o json')).images as NodeImage[]
}

const list: Command = {
  name: 'image ls',
  summary: 'List images',
  flags: [
    ...COMMON,
    ...flags`
      --format string   Format output. One of: short|table|json|yaml (default "short")
`,
  ],
  async run(call) {
    const { process, flags: given } = call
    const profile = await running(call)
    const images = await imagesOf(process, profile.nodes[0]!.ip)
    const format = given.string('format') ?? 'short'
    const rows = images.flatMap(({ id, repoTags, size }) => repoTags.map((tag) => ({ id, tag, size })))
    rows.sort((a, b) => (a.tag < b.tag ? 1 : -1))
    if (format === 'json') await process.print(`${JSON.stringify(images)}\n`)
    else if (format === 'table')
      await process.print(
        table(
          ['Image', 'Tag', 'Image ID', 'Size'],
          rows.map(({ id, tag, size }) => {
            const at = tag.lastIndexOf(':')
            const short = id.replace('sha256:', '').slice(0, 13)
            return [tag.slice(0, at), tag.slice(at + 1), short, `${(Number(size) / 1e6).toPrecision(3)}MB`]
          }),
        ),
      )
    else if (format === 'short') await process.print(rows.map(({ tag }) => `${tag}\n`).join(''))
    else throw new Exit('', `not simulated: minikube image ls --format=${format}`, 14)
    return 0
  },
}

const build: Command = {
  name: 'image build',
  summary: 'Build a container image in minikube',
  flags: [
    ...COMMON,
    ...flags`
      --all                     Build image on all nodes.
      --build-env strings       Environment variables to pass to the build. (format: key=value)
      --build-opt strings       Specify arbitrary flags to pass to the build. (format: key=value)
  -f, --file string             Path to the Dockerfile to use (optional)
  -n, --node string             The node to build on. Defaults to the primary control plane.
      --push                    Push the new image (requires tag)
  -t, --tag string              Tag to apply to the new image (optional)
`,
  ],
  async run(call) {
    const { process, flags: given, args } = call
    const [folder] = args
    if (folder === undefined) throw new Exit('MK_USAGE', 'Please provide a path or url to build', 14)
    const profile = await running(call)
    // The node has no builder here: Docker builds under a name of its own, and the node gets the result.
    const working = `minikube.local/build-${process.random.hex(8)}:latest`
    const file = given.string('file')
    const built = process.spawn({
      argv: ['docker', 'build', '-t', working, ...(file ? ['-f', file] : []), folder],
      env: process.env,
    })
    const { code } = await process.wait(built)
    if (code !== 0) throw new Exit('GUEST_IMAGE_BUILD', `Failed to build image: exit status ${code}`, 80)
    const bytes = await saved(process, working)
    if (!bytes) throw new Exit('GUEST_IMAGE_BUILD', 'Failed to build image: no result', 80)
    const one = { ...profile, nodes: given.bool('all') ? profile.nodes : profile.nodes.slice(0, 1) }
    await loadInto(process, one, bytes)
    const tag = given.string('tag')
    for (const { ip } of tag ? one.nodes : []) {
      await mustOnNode(process, ip, `${CTR} tag ${working} ${quoted(canonical(tag!))}`)
      await mustOnNode(process, ip, `${CTR} rm ${working}`)
    }
    await capture(process, ['docker', 'rmi', working])
    return 0
  },
}

/** A command that does one thing on every node for each image. */
function everywhere(name: string, summary: string, command: (args: readonly string[]) => string[]): Command {
  return {
    name,
    summary,
    flags: COMMON,
    async run(call: Call) {
      const profile = await running(call)
      if (call.args.length === 0)
        throw new Exit('MK_USAGE', `Please provide an image via <minikube ${name} IMAGE_NAME>`, 14)
      for (const { ip } of profile.nodes)
        for (const one of command(call.args.map(quoted))) {
          const { status, stderr } = await onNode(call.process, ip, one)
          if (status !== 0) throw new Exit('GUEST_IMAGE', `Failed: ${stderr.trim()}`, 80)
        }
      return 0
    },
  }
}

const pull = everywhere('image pull', 'Pull images', (args) => args.map((name) => `sudo crictl pull ${name}`))
const remove = everywhere('image rm', 'Remove one or more images', (args) =>
  args.map((name) => `sudo crictl rmi ${name}`),
)
const tag = everywhere('image tag', 'Tag images', ([from = '', to = '']) => [
  `${CTR} tag ${quoted(canonical(from.slice(1, -1)))} ${quoted(canonical(to.slice(1, -1)))}`,
])

export const IMAGE_COMMANDS: readonly Command[] = [
  load,
  list,
  { ...list, name: 'image list' },
  build,
  pull,
  remove,
  tag,
]

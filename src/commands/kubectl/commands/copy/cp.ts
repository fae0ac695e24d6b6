import { readTar, type TarEntry, writeTar } from '../../../../sim/containers/archive/tar.ts'
import type { Process } from '../../../../sim/linux/process.ts'
import { chooseContainer, defaultContainer } from '../../client/pods.ts'
import { runStreams } from '../../client/streams.ts'
import type { Command } from '../../command.ts'
import { CliError, ExitCode } from '../../errors/errors.ts'
import { bool, int, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'

export const cp: Command = {
  name: 'cp',
  short: 'Copy files and directories to and from containers',
  long: 'Copy files and directories to and from containers.',
  examples: `
# Copy /tmp/foo_dir local directory to /tmp/bar_dir in a remote pod in the default namespace
kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

# Copy /tmp/foo local file to /tmp/bar in a remote pod in a specific container
kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

# Copy /tmp/foo from a remote pod to /tmp/bar locally
kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
  use: 'cp <file-spec-src> <file-spec-dest>',
  flags: [
    string(
      'container',
      'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
      { shorthand: 'c' },
    ),
    bool('no-preserve', "The copied file/directory's ownership and permissions will not be preserved in the container"),
    int(
      'retries',
      'Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying. The default is 0 (no retry).',
    ),
  ],
  run,
}

interface FileSpec {
  namespace: string
  /** Empty for a local file. */
  pod: string
  path: string
}

async function run(session: Session): Promise<void> {
  if (session.args.length !== 2) throw new CliError('source and destination are required')
  const [from, to] = session.args.map((text) => parseSpec(session, text)) as [FileSpec, FileSpec]
  if (from.pod && to.pod) throw new CliError('one of src or dest must be a local file specification')
  if (!from.pod && !to.pod) throw new CliError('one of src or dest must be a remote file specification')
  if (from.path === '' || to.path === '') throw new CliError('filepath can not be empty')
  if (to.pod) await upload(session, from.path, to)
  else await download(session, from, to.path)
}

function parseSpec(session: Session, text: string): FileSpec {
  const colon = text.indexOf(':')
  if (colon === 0) throw new CliError('filespec must match the canonical format: [[namespace/]pod:]file/path')
  if (colon < 0) return { namespace: '', pod: '', path: text }
  const [first = '', second, ...more] = text.slice(0, colon).split('/')
  const path = text.slice(colon + 1)
  if (more.length > 0) throw new CliError('filespec must match the canonical format: [[namespace/]pod:]file/path')
  return second === undefined
    ? { namespace: session.namespace, pod: first, path }
    : { namespace: first, pod: second, path }
}

async function upload(session: Session, local: string, to: FileSpec): Promise<void> {
  if (!session.process.files.exists(local)) throw new CliError(`${local} doesn't exist in local filesystem`)
  const container = await containerOf(session, to, (words) => session.printError(words))
  let destination = to.path
  const isFolder = await succeeds(session, to, container, ['test', '-d', destination])
  const base = (path: string) => path.replace(/\/+$/, '').split('/').at(-1)!
  if (isFolder) destination = `${destination.replace(/\/+$/, '')}/${base(local)}`
  const slash = destination.replace(/\/+$/, '').lastIndexOf('/')
  const folder = slash < 0 ? '.' : destination.slice(0, slash) || '/'
  const archive = writeTar(entriesOf(session.process, local.replace(/(.)\/+$/, '$1'), base(destination)))
  let sent = false
  const command = session.flags.bool('no-preserve')
    ? ['tar', '--no-same-permissions', '--no-same-owner', '-xmf', '-']
    : ['tar', '-xmf', '-']
  await exec(session, to, container, [...command, '-C', folder], {
    stdin: {
      async read() {
        if (sent) return new Uint8Array()
        sent = true
        return archive
      },
    },
  })
}

function* entriesOf(process: Process, path: string, name: string): Generator<TarEntry> {
  const stat = process.files.lstat(path)
  const common = {
    name,
    mode: stat.mode ?? 0o644,
    uid: stat.uid ?? 0,
    gid: stat.gid ?? 0,
    modified: stat.modified ?? 0,
  }
  if (stat.type === 'symlink') yield { ...common, type: 'symlink', target: process.files.readlink(path) }
  else if (stat.type === 'directory') {
    yield { ...common, name: `${name}/`, type: 'directory' }
    const names = process.files.list(path).map((entry) => entry.name)
    for (const entry of names.sort()) yield* entriesOf(process, `${path}/${entry}`, `${name}/${entry}`)
  } else yield { ...common, type: 'file', content: process.files.readBytes(path) }
}

async function download(session: Session, from: FileSpec, local: string): Promise<void> {
  const container = await containerOf(session, from, (words) => session.print(words))
  const parts: Uint8Array[] = []
  await exec(session, from, container, ['tar', 'cf', '-', from.path], {
    stdout: { write: (bytes) => void parts.push(bytes.slice()) },
    stderr: { write: (bytes) => session.process.stdout.write(bytes) },
  })
  const total = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    total.set(part, at)
    at += part.length
  }
  const prefix = from.path.replace(/^\/+/, '').replace(/\/+$/, '')
  const { files } = session.process
  const target =
    files.exists(local) && files.stat(local).type === 'directory'
      ? `${local.replace(/\/+$/, '')}/${prefix.split('/').at(-1)}`
      : local
  for (const entry of readTar(total)) {
    const name = entry.name.replace(/\/+$/, '').replace(/^\/+/, '')
    if (name !== prefix && !name.startsWith(`${prefix}/`)) continue
    const path = target + name.slice(prefix.length)
    if (entry.type === 'directory') files.mkdir(path, { parents: true, mode: 0o755 })
    else if (entry.type === 'symlink')
      await session.printError(
        `warning: skipping symlink: ${JSON.stringify(path)} -> ${JSON.stringify(entry.target)}\n`,
      )
    else {
      const parent = path.lastIndexOf('/')
      if (parent > 0 && !files.exists(path.slice(0, parent)))
        files.mkdir(path.slice(0, parent), { parents: true, mode: 0o755 })
      files.write(path, entry.content ?? new Uint8Array())
    }
  }
}

/** What is said of the container goes where the messages of tar go. */
async function containerOf(
  session: Session,
  { namespace, pod }: FileSpec,
  say: (words: string) => Promise<unknown>,
): Promise<string> {
  const object = await session.client.json({ path: `/api/v1/namespaces/${namespace}/pods/${pod}` })
  const named = session.flags.string('container')
  if (named) return chooseContainer(session, object, named)
  const { name, hint } = defaultContainer(object)
  if (hint) await say(hint)
  return name
}

async function succeeds(session: Session, spec: FileSpec, container: string, command: string[]): Promise<boolean> {
  const nothing = { write() {} }
  try {
    await exec(session, spec, container, command, { stdout: nothing, stderr: nothing })
    return true
  } catch (error) {
    if (error instanceof ExitCode) return false
    throw error
  }
}

function exec(
  session: Session,
  { namespace, pod }: FileSpec,
  container: string,
  command: string[],
  streams: NonNullable<Parameters<typeof runStreams>[1]['streams']>,
): Promise<void> {
  return runStreams(session, {
    path: `/api/v1/namespaces/${namespace}/pods/${pod}/exec`,
    query: [
      ...command.map((word) => ['command', word] as const),
      ['container', container],
      ...(streams.stdin ? [['stdin', 'true'] as const] : []),
      ['stdout', 'true'],
      ['stderr', 'true'],
    ],
    stdin: streams.stdin !== undefined,
    stderr: true,
    tty: false,
    streams,
  })
}

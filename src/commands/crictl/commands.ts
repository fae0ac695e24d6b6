import type { CriContainer } from '../../sim/containers/api/create-cri.ts'
import { parseReference, repositoryOf } from '../../sim/containers/images/reference.ts'
import { rfc3339Nano } from '../../sim/containers/timestamp.ts'
import { humanDuration, humanSize } from '../../sim/containers/units.ts'
import type { Process } from '../../sim/linux/process.ts'
import { attachStreams } from '../docker/cli/attach-streams.ts'
import { type Flag, flags } from '../docker/cli/flag.ts'
import type { FlagValues } from '../docker/cli/flag-values.ts'
import type { Session } from '../docker/cli/session.ts'
import { alignTable } from '../docker/format/table.ts'
import { CrictlError, type Runtime } from './runtime.ts'

interface Call {
  process: Process
  runtime: Runtime
  flags: FlagValues
  args: readonly string[]
}

interface Command {
  names: readonly string[]
  summary: string
  flags: readonly Flag[]
  run(call: Call): Promise<number>
}

const short = (id: string) => id.replace(/^sha256:/, '').slice(0, 13)
const table = (rows: readonly string[]) => alignTable(rows, 20, 3)
const ago = (process: Process, time: number) => `${humanDuration(process.wallClock() - time)} ago`

async function sandboxOf(runtime: Runtime, container: CriContainer): Promise<CriContainer | undefined> {
  return (await runtime.sandboxes()).find((sandbox) => sandbox.uid === container.uid && sandbox.pod === container.pod)
}

function needed(args: readonly string[]): void {
  if (args.length === 0) throw new CrictlError('ID cannot be empty')
}

const ps: Command = {
  names: ['ps'],
  summary: 'List containers',
  flags: flags`
  -a, --all           Show all containers
  -q, --quiet         Only display container IDs
  -o, --output string   Output format, One of: json|yaml|table
  -p, --pod string    Filter by pod id
      --name string   Filter by container name regular expression pattern
      --no-trunc      Show output without truncating the ID
`,
  async run({ process, runtime, flags: given, args: _args }) {
    const sandboxes = await runtime.sandboxes()
    const rows: string[] = []
    const shown: object[] = []
    for (const one of await runtime.containers()) {
      if (!one.running && !given.bool('all')) continue
      const sandbox = sandboxes.find((candidate) => candidate.uid === one.uid)
      const pod = given.string('pod')
      if (pod && !sandbox?.id.startsWith(pod)) continue
      const name = given.string('name')
      if (name && !new RegExp(name).test(one.name)) continue
      const state = one.running ? 'Running' : one.startedAt === undefined ? 'Created' : 'Exited'
      const id = given.bool('no-trunc') ? one.id : short(one.id)
      shown.push({
        id: one.id,
        podSandboxId: sandbox?.id ?? '',
        metadata: { name: one.name, attempt: one.attempt },
        image: { image: one.imageId },
        imageRef: one.imageId,
        state: `CONTAINER_${state.toUpperCase()}`,
        createdAt: `${one.createdAt * 1e6}`,
        labels: one.labels,
        annotations: one.annotations,
      })
      rows.push(
        given.bool('quiet')
          ? one.id
          : [
              id,
              short(one.imageId),
              ago(process, one.createdAt),
              state,
              one.name,
              one.attempt,
              sandbox ? short(sandbox.id) : '',
              one.pod,
              one.namespace,
            ].join('\t'),
      )
    }
    if (given.string('output') === 'json') await process.print(`${JSON.stringify({ containers: shown }, null, 2)}\n`)
    else if (given.bool('quiet')) await process.print(rows.map((row) => `${row}\n`).join(''))
    else
      await process.print(table(['CONTAINER\tIMAGE\tCREATED\tSTATE\tNAME\tATTEMPT\tPOD ID\tPOD\tNAMESPACE', ...rows]))
    return 0
  },
}

const pods: Command = {
  names: ['pods'],
  summary: 'List pods',
  flags: flags`
  -q, --quiet              Show only pod IDs
      --name string        Filter by pod name regular expression pattern
      --namespace string   Filter by pod namespace regular expression pattern
`,
  async run({ process, runtime, flags: given }) {
    const name = given.string('name')
    const namespace = given.string('namespace')
    const list = (await runtime.sandboxes()).filter(
      (one) => (!name || new RegExp(name).test(one.pod)) && (!namespace || new RegExp(namespace).test(one.namespace)),
    )
    if (given.bool('quiet')) {
      await process.print(list.map((one) => `${one.id}\n`).join(''))
      return 0
    }
    const rows = list.map((one) =>
      [
        short(one.id),
        ago(process, one.createdAt),
        one.running ? 'Ready' : 'NotReady',
        one.pod,
        one.namespace,
        one.attempt,
        '(default)',
      ].join('\t'),
    )
    await process.print(table(['POD ID\tCREATED\tSTATE\tNAME\tNAMESPACE\tATTEMPT\tRUNTIME', ...rows]))
    return 0
  },
}

const images: Command = {
  names: ['images', 'image', 'img'],
  summary: 'List images',
  flags: flags`
  -q, --quiet           Only show image IDs
  -o, --output string   Output format, One of: json|yaml|table
      --digests         Show digests
`,
  async run({ process, runtime, flags: given, args }) {
    if (given.string('output') === 'json') {
      const images = (await runtime.images()).map(({ id, tags, digests, size }) => ({
        id,
        repoTags: tags,
        repoDigests: digests,
        size: String(size),
      }))
      await process.print(`${JSON.stringify({ images }, null, 2)}\n`)
      return 0
    }
    const rows: string[] = []
    for (const image of await runtime.images()) {
      const names = image.tags.length > 0 ? image.tags : ['<none>']
      for (const name of names) {
        if (args[0] && !name.includes(args[0])) continue
        const reference = name === '<none>' ? undefined : parseReference(name)
        rows.push(
          given.bool('quiet')
            ? image.id
            : [
                reference ? repositoryOf(reference) : '<none>',
                reference?.tag ?? '<none>',
                short(image.id),
                humanSize(image.size, 3),
              ].join('\t'),
        )
      }
    }
    rows.sort()
    await process.print(
      given.bool('quiet') ? rows.map((row) => `${row}\n`).join('') : table(['IMAGE\tTAG\tIMAGE ID\tSIZE', ...rows]),
    )
    return 0
  },
}

const logs: Command = {
  names: ['logs'],
  summary: 'Fetch the logs of a container',
  flags: flags`
  -f, --follow        Follow log output
      --tail int      Number of lines to show from the end of the logs
  -t, --timestamps    Show timestamps
`,
  async run({ process, runtime, flags: given, args }) {
    needed(args)
    let shown = 0
    for (;;) {
      const query = {
        ...(given.has('tail') && shown === 0 ? { tail: given.string('tail')! } : {}),
        timestamps: String(given.bool('timestamps')),
      }
      const lines = await runtime.call<{ stream: string; text: string }[]>('GET', `/containers/${args[0]}/log`, {
        query,
      })
      for (const line of shown === 0 ? lines : lines.slice(shown))
        await (line.stream === 'stdout' ? process.print(line.text) : process.printError(line.text))
      shown = Math.max(shown, lines.length)
      if (!given.bool('follow') || !(await runtime.call<CriContainer>('GET', `/containers/${args[0]}`)).running)
        return 0
      await process.sleep(250)
    }
  },
}

const exec: Command = {
  names: ['exec'],
  summary: 'Run a command in a running container',
  flags: flags`
  -i, --interactive    Keep STDIN open
  -t, --tty            Allocate a pseudo-TTY
  -s, --sync           Run the command synchronously
`,
  async run({ process, runtime, flags: given, args }) {
    needed(args)
    const [id, ...argv] = args
    const tty = given.bool('tty')
    const attached = attachStreams({ process } as Session, {
      stdin: given.bool('interactive'),
      stdout: true,
      stderr: true,
      tty,
      detachKeys: '',
    })
    try {
      return await runtime.call<number>('POST', `/containers/${id}/exec`, {
        body: { argv, tty },
        upgrade: attached.streams,
      })
    } finally {
      attached.close()
    }
  },
}

const inspect: Command = {
  names: ['inspect', 'inspectp'],
  summary: 'Display the status of one or more containers or pods',
  flags: flags`
  -o, --output string   Output format (default "json")
`,
  async run({ process, runtime, args }) {
    needed(args)
    for (const id of args) {
      const one = await runtime.call<CriContainer>('GET', `/containers/${id}`)
      const sandbox = await sandboxOf(runtime, one)
      const stamp = (time: number | undefined) => (time === undefined ? '0001-01-01T00:00:00Z' : rfc3339Nano(time))
      const state = one.sandbox
        ? one.running
          ? 'SANDBOX_READY'
          : 'SANDBOX_NOTREADY'
        : one.running
          ? 'CONTAINER_RUNNING'
          : 'CONTAINER_EXITED'
      const status = {
        annotations: one.annotations,
        createdAt: stamp(one.createdAt),
        ...(one.sandbox
          ? { network: { additionalIps: [], ip: one.ip ?? '' } }
          : {
              exitCode: one.running ? 0 : (one.exitCode ?? 0),
              finishedAt: stamp(one.finishedAt),
              image: { image: one.image },
              imageRef: one.imageId,
              startedAt: stamp(one.startedAt),
            }),
        id: one.id,
        labels: one.labels,
        metadata: one.sandbox
          ? { attempt: one.attempt, name: one.pod, namespace: one.namespace, uid: one.uid }
          : { attempt: one.attempt, name: one.name },
        state,
      }
      await process.print(
        `${JSON.stringify({ info: { pid: one.pid, sandboxID: sandbox?.id ?? '', runtimeType: 'io.containerd.runc.v2' }, status }, null, 2)}\n`,
      )
    }
    return 0
  },
}

const stats: Command = {
  names: ['stats'],
  summary: 'List container(s) resource usage statistics',
  flags: flags`
  -a, --all    Show all containers
`,
  async run({ process, runtime }) {
    const before = await runtime.containers()
    await process.sleep(1000)
    const rows = (await runtime.containers())
      .filter((one) => one.running)
      .map((one) => {
        const cpu = one.cpu - (before.find((other) => other.id === one.id)?.cpu ?? one.cpu)
        return [short(one.id), one.name, (cpu / 10).toFixed(2), humanSize(one.memory, 4), humanSize(0), '0'].join('\t')
      })
    await process.print(table(['CONTAINER\tNAME\tCPU %\tMEM\tDISK\tINODES', ...rows]))
    return 0
  },
}

const pull: Command = {
  names: ['pull'],
  summary: 'Pull an image from a registry',
  flags: [],
  async run({ process, runtime, args }) {
    needed(args)
    const { id } = await runtime.call<{ id: string }>('POST', '/images', { query: { image: args[0]! } })
    await process.print(`Image is up to date for ${id}\n`)
    return 0
  },
}

const rmi: Command = {
  names: ['rmi'],
  summary: 'Remove one or more images',
  flags: [],
  async run({ process, runtime, args }) {
    needed(args)
    for (const image of args) {
      await runtime.call('DELETE', '/images', { query: { image } })
      await process.print(`Deleted: ${image}\n`)
    }
    return 0
  },
}

const stop: Command = {
  names: ['stop', 'stopp'],
  summary: 'Stop one or more running containers or pods',
  flags: flags`
  -t, --timeout int   Seconds to wait to kill the container
`,
  async run({ process, runtime, flags: given, args }) {
    needed(args)
    for (const id of args) {
      await runtime.call('POST', `/containers/${id}/stop`, { query: { timeout: given.string('timeout') ?? '0' } })
      await process.print(`${id}\n`)
    }
    return 0
  },
}

const rm: Command = {
  names: ['rm', 'rmp'],
  summary: 'Remove one or more containers or pods',
  flags: flags`
  -f, --force    Force removal
`,
  async run({ process, runtime, args }) {
    needed(args)
    for (const id of args) {
      await runtime.call('DELETE', `/containers/${id}`)
      await process.print(`${id}\n`)
    }
    return 0
  },
}

const version: Command = {
  names: ['version'],
  summary: 'Display runtime version information',
  flags: [],
  async run({ process }) {
    await process.print('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.1.4\nRuntimeApiVersion:  v1\n')
    return 0
  },
}

export const COMMANDS: readonly Command[] = [exec, images, inspect, logs, pods, ps, pull, rm, rmi, stats, stop, version]

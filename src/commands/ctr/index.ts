import type { Process, Program } from '../../sim/linux/process.ts'
import { concatBytes } from '../../sim/linux/shell/bytes.ts'
import { CrictlError, Runtime } from '../crictl/runtime.ts'

const USAGE = `NAME:
   ctr - unsupported debug and administrative client for interacting with the containerd daemon

USAGE:
   ctr [--namespace NAME] images import|ls|tag|rm …
   ctr [--namespace NAME] tasks ls|pause|resume …
`

/** containerd's own client, for what crictl has not: archives, names and pauses. Of namespaces it knows the kubelet's. */
export const ctr: Program = async (process) => {
  const args = process.argv.slice(1)
  let namespace = process.env.get('CONTAINERD_NAMESPACE') ?? 'default'
  while (args[0]?.startsWith('-')) {
    const [flag = ''] = args.splice(0, 1)
    const m = /^(?:-n|--namespace)(?:=(.*))?$/.exec(flag)
    if (m) namespace = m[1] ?? args.shift() ?? ''
  }
  const [group = '', verb = '', ...rest] = args
  const command = COMMANDS[`${GROUPS[group] ?? group} ${verb}`]
  if (!command) {
    await process.print(USAGE)
    return group === '' ? 0 : 1
  }
  if (process.credentials.uid !== 0) {
    await process.printError(
      'ctr: failed to dial "/run/containerd/containerd.sock": connection error: desc = "transport: error while dialing: dial unix /run/containerd/containerd.sock: connect: permission denied"\n',
    )
    return 1
  }
  if (namespace !== 'k8s.io') {
    await process.printError(`ctr: not simulated: containerd's namespace ${namespace}; the kubelet's is k8s.io\n`)
    return 1
  }
  try {
    return (
      (await command(
        process,
        new Runtime(process),
        rest.filter((word) => !word.startsWith('--')),
      )) ?? 0
    )
  } catch (error) {
    if (!(error instanceof CrictlError)) throw error
    await process.printError(`ctr: ${error.message}\n`)
    return 1
  }
}

const GROUPS: Readonly<Record<string, string>> = { image: 'images', i: 'images', task: 'tasks', t: 'tasks' }

type Run = (process: Process, runtime: Runtime, args: readonly string[]) => Promise<number | undefined>

const importImages: Run = async (process, runtime, [path = '-']) => {
  const bytes = path === '-' ? await readAll(process) : process.files.readBytes(path)
  const loaded = await runtime.call<{ id: string; tags: string[] }[]>('POST', '/images/load', { body: bytes })
  for (const { id, tags } of loaded)
    for (const tag of tags) await process.print(`${tag.padEnd(48)} saved\t${id.slice(0, 19)}\n`)
  return 0
}

const listImages: Run = async (process, runtime, args) => {
  const names = (await runtime.images()).flatMap(({ tags }) => tags).sort()
  if (args.includes('-q')) await process.print(names.map((name) => `${name}\n`).join(''))
  else await process.print(`REF\n${names.map((name) => `${name}\n`).join('')}`)
  return 0
}

const tagImage: Run = async (process, runtime, [from = '', ...names]) => {
  for (const name of names) {
    await runtime.call('POST', '/images/tag', { query: { image: from, name } })
    await process.print(`${name}\n`)
  }
  return 0
}

const removeImages: Run = async (process, runtime, names) => {
  for (const image of names) {
    await runtime.call('POST', '/images/untag', { query: { image } })
    await process.print(`${image}\n`)
  }
  return 0
}

const tasks: Run = async (process, runtime) => {
  const all = [...(await runtime.sandboxes()), ...(await runtime.containers())].filter((one) => one.running)
  await process.print(`TASK    PID    STATUS\n${all.map(({ id, pid }) => `${id}    ${pid}    RUNNING\n`).join('')}`)
  return 0
}

const freeze =
  (verb: 'pause' | 'resume'): Run =>
  async (_, runtime, ids) => {
    for (const id of ids) await runtime.call('POST', `/containers/${id}/${verb}`)
    return 0
  }

const COMMANDS: Readonly<Record<string, Run>> = {
  'images import': importImages,
  'images ls': listImages,
  'images list': listImages,
  'images tag': tagImage,
  'images rm': removeImages,
  'tasks ls': tasks,
  'tasks pause': freeze('pause'),
  'tasks resume': freeze('resume'),
}

async function readAll(process: Process): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for (let chunk = await process.stdin.read(); chunk.length > 0; chunk = await process.stdin.read()) chunks.push(chunk)
  return concatBytes(chunks)
}

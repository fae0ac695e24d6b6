import { COMMON, type Command, Exit } from './command.ts'
import { rawOnNode } from './node-shell.ts'
import { isNamed, type Profile, type ProfileNode } from './profile.ts'
import { running } from './running.ts'

interface Place {
  /** The learner's computer when undefined. */
  node: ProfileNode | undefined
  path: string
}

/** `[node:]path`; a target without a node is on the control plane. */
function placeOf(text: string, { nodes }: Profile, isTarget: boolean): Place {
  const m = /^([\w-]+):(.*)$/.exec(text)
  if (!m) return { node: isTarget ? nodes[0] : undefined, path: text }
  const node = nodes.find((each) => isNamed(each, m[1]!))
  if (!node) throw new Exit('MK_USAGE', `retrieving node: Could not find node ${m[1]}`, 14)
  return { node, path: m[2]! }
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

export const copy: Command = {
  name: 'cp',
  summary: 'Copy the specified file into minikube',
  flags: COMMON,
  async run(call) {
    const { process, args } = call
    const [from = '', to = ''] = args
    if (args.length !== 2 || from === '' || to === '')
      throw new Exit(
        'MK_USAGE',
        'Please specify the path to copy: \n\tminikube cp <source file path> <target file absolute path> (example: "minikube cp a/b.txt /copied.txt")',
        14,
      )
    const profile = await running(call)
    const source = placeOf(from, profile, false)
    const target = placeOf(to, profile, !source.node)
    if (target.node && !target.path.startsWith('/'))
      throw new Exit(
        'MK_USAGE',
        '<target file absolute path> must be an absolute Path. Relative Path is not allowed (example: "minikube:/home/docker/copied.txt")',
        14,
      )
    let bytes: Uint8Array
    if (source.node) {
      const { output, stderr, status } = await rawOnNode(process, source.node.ip, `sudo cat ${quoted(source.path)}`)
      if (status !== 0) throw new Exit('GUEST_CP', `Fail to copy: ${stderr.trim()}`, 80)
      bytes = output
    } else {
      if (!process.files.exists(source.path))
        throw new Exit('HOST_PATH_MISSING', `Cannot find directory or file ${source.path} for copy`, 35)
      bytes = process.files.readBytes(source.path)
    }
    if (!target.node) {
      process.files.write(target.path, bytes)
      return 0
    }
    const folder = quoted(target.path.replace(/\/[^/]*$/, '') || '/')
    // Not tee: nothing may come back while the bytes are still on their way.
    const command = `sudo mkdir -p ${folder} && sudo sh -c ${quoted(`cat > ${quoted(target.path)}`)}`
    const { stderr, status } = await rawOnNode(process, target.node.ip, command, bytes)
    if (status !== 0) throw new Exit('GUEST_CP', `Fail to copy: ${stderr.trim()}`, 80)
    return 0
  },
}

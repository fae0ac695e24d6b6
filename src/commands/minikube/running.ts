import { type Call, Exit } from './command.ts'
import { containerState, isNamed, needProfile, type Profile, type ProfileNode } from './profile.ts'

/** The profile of a cluster whose control plane runs; otherwise the words with which minikube ends. */
export async function running({ process, profile: name }: Call): Promise<Profile> {
  const profile = needProfile(process, name)
  if ((await containerState(process, profile.nodes[0]!.machine)) === 'running') return profile
  throw new Exit('', `The control-plane node ${name} host is not running: state=Stopped`, 83)
}

/** The node that `--node` names; the control plane unless told. */
export async function wantedNode(call: Call): Promise<ProfileNode> {
  const { nodes } = await running(call)
  const wanted = call.flags.string('node')
  const node = wanted === undefined ? nodes[0] : nodes.find((each) => isNamed(each, wanted))
  if (!node) throw new Exit('GUEST_NODE_RETRIEVE', `retrieving node: Could not find node ${wanted}`, 80)
  return node
}

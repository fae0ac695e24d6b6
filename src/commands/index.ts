import type { ProgramTable } from '../sim/containers/engine.ts'
import { registerCompleter } from '../sim/linux/shell/completion.ts'
import { crictl } from './crictl/index.ts'
import { ctr } from './ctr/index.ts'
import { dockerCompose } from './docker/compose/compose.ts'
import { docker } from './docker/index.ts'
import { kubeadm } from './kubeadm/index.ts'
import { completeKubectl, kubectl } from './kubectl/index.ts'
import { minikube } from './minikube/index.ts'

/** What the learner types, by name; a machine has them in /usr/local/bin. */
export const commands: ProgramTable = new Map([
  ['crictl', crictl],
  ['ctr', ctr],
  ['docker', docker],
  ['docker-compose', dockerCompose],
  ['kubeadm', kubeadm],
  ['kubectl', kubectl],
  ['minikube', minikube],
])

registerCompleter('kubectl', completeKubectl)

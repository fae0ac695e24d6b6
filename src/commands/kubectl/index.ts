import type { Program } from '../../sim/linux/process.ts'
import { GROUPS, ROOT } from './registry.ts'
import { runKubectl } from './run.ts'

/** The kubectl command: a client of the cluster that its kubeconfig names. */
export const kubectl: Program = (process) => runKubectl(process, ROOT, GROUPS)

export { completeKubectl } from './completion/completer.ts'

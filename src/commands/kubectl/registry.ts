import type { Command } from './command.ts'
import { apiResources, apiVersions } from './commands/api-resources.ts'
import { apply } from './commands/apply/apply.ts'
import { attach } from './commands/attach/attach.ts'
import { auth } from './commands/auth/auth.ts'
import { autoscale } from './commands/autoscale.ts'
import { certificate } from './commands/certificate.ts'
import { clusterInfo } from './commands/cluster-info.ts'
import { completion } from './commands/completion.ts'
import { config } from './commands/config/config.ts'
import { cp } from './commands/copy/cp.ts'
import { create } from './commands/create/create.ts'
import { debug } from './commands/debug/debug.ts'
import { deleteCommand } from './commands/delete/delete.ts'
import { describe } from './commands/describe.ts'
import { diff } from './commands/diff.ts'
import { edit } from './commands/edit/edit.ts'
import { events } from './commands/events.ts'
import { exec } from './commands/exec.ts'
import { explain } from './commands/explain.ts'
import { expose } from './commands/expose.ts'
import { get } from './commands/get/get.ts'
import { kuberc } from './commands/kuberc.ts'
import { kustomize } from './commands/kustomize.ts'
import { annotate, label } from './commands/label.ts'
import { logs } from './commands/logs.ts'
import { cordon, uncordon } from './commands/node/cordon.ts'
import { drain } from './commands/node/drain.ts'
import { taint } from './commands/node/taint.ts'
import { alpha, options } from './commands/options.ts'
import { patch } from './commands/patch.ts'
import { plugin } from './commands/plugin.ts'
import { portForward } from './commands/port-forward/port-forward.ts'
import { proxy } from './commands/proxy.ts'
import { replace } from './commands/replace.ts'
import { rollout } from './commands/rollout/rollout.ts'
import { run } from './commands/run.ts'
import { scale } from './commands/scale.ts'
import { set } from './commands/set/set.ts'
import { top } from './commands/top.ts'
import { version } from './commands/version.ts'
import { wait } from './commands/wait.ts'
import type { CommandGroup } from './help/root.ts'

/** The commands as `kubectl help` groups them. */
export const GROUPS: readonly CommandGroup[] = [
  { title: 'Basic Commands (Beginner)', commands: [create, expose, run, set] },
  { title: 'Basic Commands (Intermediate)', commands: [explain, get, edit, deleteCommand] },
  { title: 'Deploy Commands', commands: [rollout, scale, autoscale] },
  { title: 'Cluster Management Commands', commands: [certificate, clusterInfo, top, cordon, uncordon, drain, taint] },
  {
    title: 'Troubleshooting and Debugging Commands',
    commands: [describe, logs, attach, exec, portForward, proxy, cp, auth, debug, events],
  },
  { title: 'Advanced Commands', commands: [diff, apply, patch, replace, wait, kustomize] },
  { title: 'Settings Commands', commands: [label, annotate, completion] },
  { title: 'Other Commands', commands: [apiResources, apiVersions, config, kuberc, plugin, version] },
]

export const ROOT: Command = {
  name: 'kubectl',
  short: 'kubectl controls the Kubernetes cluster manager',
  subcommands: [...GROUPS.flatMap((group) => group.commands), options, alpha],
}

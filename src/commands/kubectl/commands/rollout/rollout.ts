import { rfc3339 } from '../../../../sim/time/date.ts'
import { dryRunOf } from '../../builder/dry-run.ts'
import { dryRunFlag, fieldManagerFlag } from '../../builder/flags.ts'
import type { Command } from '../../command.ts'
import { groupResource } from '../../discovery/resource.ts'
import { CliError } from '../../errors/errors.ts'
import { printFlags } from '../../printers/print-flags.ts'
import { history } from './history.ts'
import { status } from './status.ts'
import { patchEach, targetFlags } from './targets.ts'
import { undo } from './undo.ts'

const restartedAt = 'kubectl.kubernetes.io/restartedAt'

const restart: Command = {
  name: 'restart',
  short: 'Restart a resource',
  long: 'Restart a resource.\n\n     Resource rollout will be restarted.',
  examples: `
# Restart all deployments in the test-namespace namespace
kubectl rollout restart deployment -n test-namespace

# Restart a deployment
kubectl rollout restart deployment/nginx

# Restart a daemon set
kubectl rollout restart daemonset/abc`,
  use: 'restart RESOURCE',
  flags: [...printFlags(), ...targetFlags(), fieldManagerFlag('kubectl-rollout'), dryRunFlag()],
  async run(session) {
    const dryRun = await dryRunOf(session)
    await patchEach(session, dryRun, 'restarted', ({ object, resource }) => {
      if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(object.kind)) {
        throw new CliError(`${groupResource(resource)} "${object.metadata.name}" restarting is not supported`)
      }
      if (object.kind === 'Deployment' && object.spec.paused) {
        throw new CliError(
          `${groupResource(resource)} "${object.metadata.name}" can't restart paused deployment (run rollout resume first)`,
        )
      }
      const annotations = { ...object.spec.template.metadata?.annotations, [restartedAt]: rfc3339(session.now()) }
      const template = { ...object.spec.template, metadata: { ...object.spec.template.metadata, annotations } }
      return { ...object, spec: { ...object.spec, template } }
    })
  },
}

function pausing(name: 'pause' | 'resume', paused: boolean): Command {
  const done = paused ? 'paused' : 'resumed'
  return {
    name,
    short: paused ? 'Mark the provided resource as paused' : 'Resume a paused resource',
    long: paused
      ? 'Mark the provided resource as paused.\n\n Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume a paused resource. Currently only deployments support being paused.'
      : 'Resume a paused resource.\n\n Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to be reconciled again. Currently only deployments support being resumed.',
    examples: `\n# ${paused ? 'Mark the nginx deployment as paused' : 'Resume an already paused deployment'}\nkubectl rollout ${name} deployment/nginx`,
    use: `${name} RESOURCE`,
    flags: [...printFlags(), ...targetFlags(), fieldManagerFlag('kubectl-rollout'), dryRunFlag()],
    async run(session) {
      const dryRun = await dryRunOf(session)
      await patchEach(session, dryRun, done, ({ object, resource }) => {
        if (object.kind !== 'Deployment') {
          throw new CliError(
            `${groupResource(resource)} "${object.metadata.name}" ${paused ? 'pausing' : 'resuming'} is not supported`,
          )
        }
        if (paused && object.spec.paused) return { already: 'is already paused' }
        if (!paused && !object.spec.paused) return { already: 'is not paused' }
        return { ...object, spec: { ...object.spec, paused } }
      })
    },
  }
}

export const rollout: Command = {
  name: 'rollout',
  short: 'Manage the rollout of a resource',
  long: `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets`,
  examples: `
# Rollback to the previous deployment
kubectl rollout undo deployment/abc

# Check the rollout status of a daemonset
kubectl rollout status daemonset/foo

# Restart a deployment
kubectl rollout restart deployment/abc

# Restart deployments with the 'app=nginx' label
kubectl rollout restart deployment --selector=app=nginx`,
  use: 'rollout SUBCOMMAND',
  subcommands: [history, pausing('pause', true), restart, pausing('resume', false), status, undo],
}

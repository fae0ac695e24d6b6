import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { dryRunFlag } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { writePodTemplate } from '../../describe/pod-template.ts'
import { DescribeWriter } from '../../describe/writer.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { int } from '../../flags/flag.ts'
import { LAST_APPLIED, lastApplied } from '../../last-applied/annotation.ts'
import { equal } from '../../patch/equal.ts'
import { printFlags } from '../../printers/print-flags.ts'
import { revisionsOf, targetRevision } from '../../rollout/history.ts'
import type { Session } from '../../session.ts'
import { rolloutInfos, targetFlags } from './targets.ts'

export const undo: Command = {
  name: 'undo',
  short: 'Undo a previous rollout',
  long: 'Roll back to a previous rollout.',
  examples: `
# Roll back to the previous deployment
kubectl rollout undo deployment/abc

# Roll back to daemonset revision 3
kubectl rollout undo daemonset/abc --to-revision=3`,
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  flags: [
    ...printFlags(),
    ...targetFlags(),
    dryRunFlag(),
    int('to-revision', 'The revision to rollback to. Default to 0 (last revision).', { type: 'int64' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await rolloutInfos(session)
  throwAll(errors)
  for (const info of infos) {
    if (lastApplied(info.object) !== undefined) {
      await session.printError(
        `Warning: resource ${info.resource.resource}/${info.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${LAST_APPLIED} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
      )
    }
    const result = await rollBack(session, info, session.flags.int('to-revision'), dryRun)
    await session.print(`${kindPrefix(info.resource)}/${info.name} ${result}\n`)
  }
}

async function rollBack(session: Session, info: Info, wanted: number, dryRun: DryRun): Promise<string> {
  const { object } = info
  if (wanted < 0) throw new CliError(`unable to find specified revision ${wanted} in history`)
  if (object.kind === 'Deployment' && object.spec.paused) {
    throw new CliError(
      `you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    )
  }
  const revisions = await revisionsOf(session, info)
  if (wanted === 0 && revisions.length < 2)
    throw new CliError(`no rollout history found for ${object.kind.toLowerCase()} "${info.name}"`)
  const target = targetRevision(revisions, wanted)
  if (dryRun === 'client') return preview(target.template)
  if (object.kind === 'Deployment') {
    const template = withoutHash(target.keeper.spec.template)
    if (equal(template, withoutHash(object.spec.template))) {
      return `skipped rollback (current template already matches revision ${target.number})`
    }
    const patch = [
      { op: 'replace', path: '/spec/template', value: template },
      { op: 'replace', path: '/metadata/annotations', value: annotationsFor(object, target.keeper) },
    ]
    await patchObject(session.client, info, 'json', patch, { dryRun })
  } else {
    const latest = revisions.at(-1)
    if (wanted > 0 && latest?.number === target.number)
      return `skipped rollback (current template already matches revision ${target.number})`
    await patchObject(session.client, info, 'strategic', target.keeper.data, { dryRun })
  }
  return withDryRun('rolled back', dryRun)
}

function preview(template: any): string {
  const writer = new DescribeWriter()
  writePodTemplate(writer, template)
  return `Pod Template:\n${writer.unaligned.split('\n').slice(1).join('\n')} (dry run)`
}

function withoutHash(template: any): any {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

const OWN = [
  LAST_APPLIED,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

/** Annotations of the revision, but for those that belong to the Deployment itself. */
function annotationsFor(deployment: any, replicaSet: any): Record<string, string> {
  const annotations: Record<string, string> = {}
  for (const key of OWN) {
    const value = deployment.metadata.annotations?.[key]
    if (value !== undefined) annotations[key] = value
  }
  for (const [key, value] of Object.entries(replicaSet.metadata.annotations ?? {})) {
    if (!OWN.includes(key)) annotations[key] = value as string
  }
  return annotations
}

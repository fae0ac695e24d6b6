import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../../builder/files.ts'
import { dryRunFlag, filenameFlags } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { createObject, getObject, replaceObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, isNotFound, throwAll } from '../../errors/errors.ts'
import { bool } from '../../flags/flag.ts'
import { equal } from '../../patch/equal.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'

export const reconcile: Command = {
  name: 'reconcile',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  long: `Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects.

 Missing objects are created, and the containing namespace is created for namespaced objects, if required.

 Existing roles are updated to include the permissions in the input objects, and remove extra permissions if --remove-extra-permissions is specified.`,
  examples: '\n# Reconcile RBAC resources from a file\nkubectl auth reconcile -f my-rbac-rules.yaml',
  use: 'reconcile -f FILENAME',
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource to reconcile.'),
    dryRunFlag(),
    bool('remove-extra-permissions', 'If true, removes extra permissions added to roles'),
    bool('remove-extra-subjects', 'If true, removes extra subjects added to rolebindings'),
  ],
  async run(session) {
    if (!hasFiles(session)) throw new CliError('must specify one of -f and -k')
    const dryRun = await dryRunOf(session)
    const { infos, errors } = await fileInfos(session)
    const failed: Error[] = []
    for (const info of infos) {
      try {
        await reconcileOne(session, info, dryRun)
      } catch (error) {
        failed.push(error as Error)
      }
    }
    throwAll([...failed, ...errors])
  },
}

interface Difference {
  operation: 'create' | 'update' | 'recreate' | ''
  added: any[]
  removed: any[]
  object: any
}

async function reconcileOne(session: Session, info: Info, dryRun: DryRun): Promise<void> {
  const { kind } = info.resource
  // It asks for the namespace first, and by no name when the file gives none.
  if (!info.name || info.namespaceAssumed) throw new CliError('resource name may not be empty')
  const field = /RoleBinding$/.test(kind) ? 'subjects' : /Role$/.test(kind) ? 'rules' : undefined
  if (!field) {
    if (dryRun === 'none') await session.printError(`skipping ${info.source}: not a RBAC object\n`)
    return
  }
  const existing = await getObject(session.client, info).catch((error) => {
    if (isNotFound(error)) return undefined
    throw error
  })
  const flag = field === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects'
  const difference = compare(info.object, existing, field, session.flags.bool(flag))
  if (difference.operation) {
    if (dryRun !== 'client') {
      if (existing) await replaceObject(session.client, info, difference.object, { dryRun })
      else await createObject(session.client, info, difference.object, { dryRun })
    }
    await session.printError(words(difference, field))
  }
  await session.print(printerFor(session, { operation: withDryRun('reconciled', dryRun) }).print(difference.object))
}

function compare(wanted: any, existing: any, field: 'rules' | 'subjects', removeExtra: boolean): Difference {
  const asked = field === 'rules' ? (wanted.rules ?? []).flatMap(single) : (wanted.subjects ?? [])
  if (!existing)
    return { operation: 'create', added: field === 'rules' ? (wanted.rules ?? []) : asked, removed: [], object: wanted }
  const present = field === 'rules' ? (existing.rules ?? []).flatMap(single) : (existing.subjects ?? [])
  const added = asked.filter((item: any) => !present.some((other: any) => equal(item, other)))
  const extra = removeExtra ? present.filter((item: any) => !asked.some((other: any) => equal(item, other))) : []
  const list = [...(removeExtra ? [] : (existing[field] ?? [])), ...(removeExtra ? (wanted[field] ?? []) : added)]
  return {
    operation: added.length > 0 || extra.length > 0 ? 'update' : '',
    added,
    removed: extra,
    object: { ...existing, [field]: list },
  }
}

/** A rule split into one for each group, resource and verb. */
function single(rule: any): any[] {
  const out: any[] = []
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs ?? []) {
        const base = { verbs: [verb], apiGroups: [group], resources: [resource] }
        if (rule.resourceNames?.length)
          for (const name of rule.resourceNames) out.push({ ...base, resourceNames: [name] })
        else out.push(base)
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs ?? []) out.push({ verbs: [verb], nonResourceURLs: [url] })
  return out
}

function words(d: Difference, field: 'rules' | 'subjects'): string {
  const show = field === 'rules' ? showRule : showSubject
  let text = `\treconciliation required ${d.operation}\n`
  if (d.added.length > 0) text += `\tmissing ${field} added:\n${d.added.map((item) => `\t\t${show(item)}\n`).join('')}`
  if (d.removed.length > 0)
    text += `\textra ${field} removed:\n${d.removed.map((item) => `\t\t${show(item)}\n`).join('')}`
  return text
}

const list = (items: readonly string[] = []) => `[${items.join(' ')}]`
const showRule = (r: any) =>
  `{Verbs:${list(r.verbs)} APIGroups:${list(r.apiGroups)} Resources:${list(r.resources)} ResourceNames:${list(r.resourceNames)} NonResourceURLs:${list(r.nonResourceURLs)}}`
const showSubject = (s: any) =>
  `{Kind:${s.kind} APIGroup:${s.apiGroup ?? (s.kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io')} Name:${s.name} Namespace:${s.namespace ?? ''}}`

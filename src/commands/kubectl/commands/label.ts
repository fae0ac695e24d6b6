import { dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { hasFiles } from '../builder/files.ts'
import {
  allFlag,
  allNamespacesFlag,
  dryRunFlag,
  fieldManagerFlag,
  fieldSelectorFlag,
  filenameFlags,
  localFlag,
  recordFlag,
  selectorFlag,
} from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { findInfos } from '../builder/infos.ts'
import { patchObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { groupVersion, kindPrefix } from '../discovery/resource.ts'
import { CliError, throwAll } from '../errors/errors.ts'
import { bool, string } from '../flags/flag.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { type Changes, parseChanges, splitChanges } from './changes.ts'

const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/
const VALUE_WORDS =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

function checkValue(pair: string, value: string): void {
  const problems = [
    ...(value.length > 63 ? ['must be no more than 63 bytes'] : []),
    ...(VALUE.test(value) ? [] : [VALUE_WORDS]),
  ]
  if (problems.length > 0) throw new CliError(`invalid label value: ${JSON.stringify(pair)}: ${problems.join(';')}`)
}

/** label and annotate: the same command on another field. */
function command(field: 'labels' | 'annotations'): Command {
  const label = field === 'labels'
  const name = label ? 'label' : 'annotate'
  const what = label ? 'label' : 'annotation'
  return {
    name,
    short: label ? 'Update the labels on a resource' : 'Update the annotations on a resource',
    long: `Update the ${field} on a resource.

  *  A ${what} key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores.
  *  If --overwrite is true, then existing ${field} can be overwritten, otherwise attempting to overwrite ${/^a/.test(what) ? 'an' : 'a'} ${what} will result in an error.
  *  If --resource-version is specified, then updates will use this resource version, otherwise the existing resource-version will be used.`,
    examples: `
# Update pod 'foo' with the ${what} 'unhealthy' and the value 'true'
kubectl ${name} pods foo unhealthy=true

# Update pod 'foo' with the ${what} 'status' and the value 'unhealthy', overwriting any existing value
kubectl ${name} --overwrite pods foo status=unhealthy

# Update pod 'foo' by removing the ${what} named 'bar' if it exists
kubectl ${name} pods foo bar-`,
    use: `${name} [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]`,
    flags: [
      ...printFlags(),
      ...filenameFlags(`identifying the resource to update the ${field}`),
      allFlag(),
      allNamespacesFlag(),
      dryRunFlag(),
      fieldManagerFlag(`kubectl-${name}`),
      fieldSelectorFlag(),
      bool('list', `If true, display the ${field} for a given resource.`),
      localFlag(),
      bool(
        'overwrite',
        `If true, allow ${field} to be overwritten, otherwise reject ${what} updates that overwrite existing ${field}.`,
      ),
      recordFlag(),
      string(
        'resource-version',
        'If non-empty, the update will only succeed if this is the current resource-version for the object. Only valid when specifying a single resource.',
      ),
      selectorFlag(),
    ],
    run: (session) => run(session, field),
  }
}

export const label = command('labels')
export const annotate = command('annotations')

async function run(session: Session, field: 'labels' | 'annotations'): Promise<void> {
  const { flags } = session
  const what = field === 'labels' ? 'label' : 'annotation'
  const { resources, changes: texts } = splitChanges(session.args, what)
  if (resources.length === 0 && !hasFiles(session)) {
    throw new CliError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  const changes = parseChanges(texts, what, field === 'labels' ? checkValue : undefined)
  if (texts.length === 0 && !flags.bool('list')) throw new CliError(`at least one ${what} update is required`)
  if (flags.bool('all') && flags.string('selector'))
    throw new CliError('cannot set --all and --selector at the same time')
  const dryRun = await dryRunOf(session)
  const local = flags.bool('local')
  const { infos, errors } = await findInfos(session, resources, {
    all: flags.bool('all'),
    selector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    allNamespaces: flags.bool('all-namespaces'),
    latest: !local,
    local,
  })
  if (infos.length > 1 && flags.string('resource-version'))
    throw new CliError('--resource-version may only be used with a single resource')
  const failed: Error[] = []
  for (const info of infos) {
    try {
      if (flags.bool('list')) await list(session, info, field, infos.length > 1)
      else await change(session, info, field, changes, local ? 'client' : dryRun)
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...failed, ...errors])
}

async function list(session: Session, info: Info, field: 'labels' | 'annotations', several: boolean): Promise<void> {
  const values: Record<string, string> = info.object.metadata?.[field] ?? {}
  const indent = several ? ' ' : ''
  if (several)
    await session.print(`Listing ${field} for ${info.resource.kind}.${groupVersion(info.resource)}/${info.name}:\n`)
  for (const key of Object.keys(values).sort()) await session.print(`${indent}${key}=${values[key]}\n`)
}

async function change(
  session: Session,
  info: Info,
  field: 'labels' | 'annotations',
  changes: Changes,
  dryRun: 'none' | 'client' | 'server',
): Promise<void> {
  const { flags } = session
  const old: Record<string, string> = info.object.metadata?.[field] ?? {}
  checkOverwrite(old, field, changes, flags.bool('overwrite'))
  const next = { ...old }
  const removed = changes.remove.filter((key) => Object.hasOwn(old, key))
  for (const key of changes.remove) delete next[key]
  for (const [key, value] of changes.set) next[key] = value
  if (field === 'labels') {
    for (const key of changes.remove)
      if (!removed.includes(key)) await session.print(`label ${JSON.stringify(key)} not found.\n`)
  }
  const object = { ...info.object, metadata: { ...info.object.metadata, [field]: next } }
  const patch: Record<string, unknown> = {}
  for (const key of removed) patch[key] = null
  for (const [key, value] of changes.set) if (old[key] !== value) patch[key] = value
  const version = flags.string('resource-version')
  const body = { metadata: { [field]: patch, ...(version ? { resourceVersion: version } : {}) } }
  const changed = Object.keys(patch).length > 0 || version !== ''
  const result =
    dryRun === 'client' || !changed
      ? object
      : await patchObject(session.client, info, 'merge', body, { dryRun, fieldManager: flags.string('field-manager') })
  const operation = operationOf(field, Object.keys(patch).length > 0, changes.set.size, removed.length)
  if (flags.string('output')) return session.print(printerFor(session, { operation }).print(result))
  await session.print(`${kindPrefix(info.resource)}/${info.name} ${withDryRun(operation, dryRun)}\n`)
}

function checkOverwrite(old: Record<string, string>, field: string, changes: Changes, overwrite: boolean): void {
  if (overwrite) return
  const taken = [...changes.set]
    .filter(([key, value]) => Object.hasOwn(old, key) && old[key] !== value)
    .map(([key]) => key)
  if (taken.length === 0) return
  if (field === 'labels') {
    throwAll(taken.map((key) => new CliError(`'${key}' already has a value (${old[key]}), and --overwrite is false`)))
  }
  throw new CliError(
    `--overwrite is false but found the following declared annotation(s): ${taken.map((key) => `'${key}' already has a value (${old[key]})`).join('; ')}`,
  )
}

function operationOf(field: string, changed: boolean, set: number, removed: number): string {
  if (field === 'annotations') return 'annotated'
  if (!changed) return 'not labeled'
  return removed > 0 && set === 0 ? 'unlabeled' : 'labeled'
}

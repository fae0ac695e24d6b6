import { withChangeCause } from '../../builder/change-cause.ts'
import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import {
  allFlag,
  dryRunFlag,
  fieldManagerFlag,
  filenameFlags,
  localFlag,
  recordFlag,
  selectorFlag,
} from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { findInfos } from '../../builder/infos.ts'
import { patchObject } from '../../client/objects.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError, StatusError, throwAll } from '../../errors/errors.ts'
import type { FlagSpec } from '../../flags/flag.ts'
import { twoWayPatch } from '../../patch/three-way.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'

export const setFlags = (): FlagSpec[] => [
  ...printFlags(),
  ...filenameFlags('identifying the resource to get from a server.'),
  allFlag('Select all resources, in the namespace of the specified resource types'),
  dryRunFlag(),
  fieldManagerFlag('kubectl-set'),
  localFlag(),
  recordFlag(),
  selectorFlag(),
]

export interface SetOptions {
  /** `image updated` */
  operation: string
  /** `image update to pod template`: after `failed to patch `. */
  failure: string
  /** Say it even when nothing changes. */
  always?: boolean
  /** The changed object; the same one when nothing changes. */
  change(object: any, info: Info): any
}

/** Changes each named object by a patch. */
export async function setEach(session: Session, resources: readonly string[], options: SetOptions): Promise<void> {
  const { flags } = session
  const dryRun = await dryRunOf(session)
  const local = flags.bool('local')
  const { infos, errors } = await findInfos(session, resources, {
    all: flags.bool('all'),
    selector: flags.string('selector'),
    latest: !local,
    local,
  })
  const failed: Error[] = []
  for (const info of infos) {
    try {
      await setOne(session, info, options, local ? 'client' : dryRun)
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...failed, ...errors])
}

async function setOne(session: Session, info: Info, options: SetOptions, dryRun: DryRun): Promise<void> {
  const problems: Error[] = []
  let changed: any
  try {
    changed = options.change(info.object, info)
    if (changed !== info.object || session.flags.bool('record')) changed = withChangeCause(session, changed)
  } catch (error) {
    if (!(error instanceof PartialChange)) throw error
    problems.push(...error.errors)
    changed = error.object
  }
  const { kind, patch } = twoWayPatch(info.object, changed)
  const empty = Object.keys(patch).length === 0
  if (!empty || options.always || session.flags.string('output')) {
    const result = empty || dryRun === 'client' ? changed : await send(session, info, kind, patch, options, dryRun)
    if (session.flags.string('output'))
      await session.print(printerFor(session, { operation: options.operation }).print(result))
    else await session.print(`${kindPrefix(info.resource)}/${info.name} ${withDryRun(options.operation, dryRun)}\n`)
  }
  throwAll(problems)
}

async function send(
  session: Session,
  info: Info,
  kind: 'strategic' | 'merge',
  patch: unknown,
  options: SetOptions,
  dryRun: DryRun,
): Promise<any> {
  try {
    return await patchObject(session.client, info, kind, patch, {
      dryRun,
      fieldManager: session.flags.string('field-manager'),
    })
  } catch (error) {
    if (error instanceof StatusError) throw new CliError(`failed to patch ${options.failure} ${error.message}`)
    throw error
  }
}

/** Some changes could be made, others not. */
export class PartialChange extends Error {
  readonly object: any
  readonly errors: Error[]
  constructor(object: any, errors: Error[]) {
    super(errors[0]?.message)
    this.object = object
    this.errors = errors
  }
}

/** Where a kind keeps its Pod spec; undefined for kinds without one. */
export function podSpecPath(kind: string): readonly string[] | undefined {
  switch (kind) {
    case 'Pod':
      return ['spec']
    case 'CronJob':
      return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'DaemonSet':
    case 'StatefulSet':
    case 'Job':
      return ['spec', 'template', 'spec']
    default:
      return undefined
  }
}

/** The object with its Pod spec changed. Throws for kinds without one. */
export function withPodSpec(object: any, change: (spec: any) => any): any {
  const path = podSpecPath(object.kind)
  if (!path) throw new CliError(`the object is not a pod or does not have a pod template: ${object.kind}`)
  return at(object, path, change)
}

function at(object: any, path: readonly string[], change: (value: any) => any): any {
  const [first, ...rest] = path
  if (first === undefined) return change(object)
  return { ...object, [first]: at(object?.[first] ?? {}, rest, change) }
}

/** `nginx`, `*`, `ngin*` against a container's name. */
export function matchesName(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name)
}

/** Container lists of a Pod spec, changed one by one. */
export function mapContainers(
  spec: any,
  pattern: string,
  change: (container: any) => any,
): { spec: any; matched: number } {
  let matched = 0
  const out = { ...spec }
  for (const field of ['initContainers', 'containers']) {
    if (!spec[field]) continue
    out[field] = spec[field].map((container: any) => {
      if (!matchesName(pattern, container.name)) return container
      matched++
      return change(container)
    })
  }
  return { spec: out, matched }
}

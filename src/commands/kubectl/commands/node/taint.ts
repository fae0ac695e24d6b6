import { type DryRun, dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { allFlag, dryRunFlag, fieldManagerFlag, selectorFlag, validateFlag } from '../../builder/flags.ts'
import type { Info } from '../../builder/info.ts'
import { findInfos } from '../../builder/infos.ts'
import { patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { bool } from '../../flags/flag.ts'
import { twoWayPatch } from '../../patch/three-way.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'

export const taint: Command = {
  name: 'taint',
  short: 'Update the taints on one or more nodes',
  long: `Update the taints on one or more nodes.

  *  A taint consists of a key, value, and effect. As an argument here, it is expressed as key=value:effect.
  *  The key must begin with a letter or number, and may contain letters, numbers, hyphens, dots, and underscores, up to 253 characters.
  *  The effect must be NoSchedule, PreferNoSchedule or NoExecute.
  *  Currently taint can only apply to node.`,
  examples: `
# Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'
kubectl taint nodes foo dedicated=special-user:NoSchedule

# Remove from node 'foo' the taint with key 'dedicated' and effect 'NoSchedule' if one exists
kubectl taint nodes foo dedicated:NoSchedule-`,
  use: 'taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags: [
    ...printFlags(),
    allFlag('Select all nodes in the cluster'),
    dryRunFlag(),
    fieldManagerFlag('kubectl-taint'),
    bool(
      'overwrite',
      'If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.',
    ),
    selectorFlag(),
    validateFlag(),
  ],
  run,
}

interface Taint {
  key: string
  value?: string
  effect: string
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const NAME_WORDS =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

async function run(session: Session): Promise<void> {
  const { flags } = session
  const resources: string[] = []
  const specs: string[] = []
  for (const arg of session.args) {
    const isTaint = arg.includes('=') || arg.includes(':') || arg.endsWith('-')
    if (isTaint) specs.push(arg)
    else if (specs.length > 0) throw new CliError(`all resources must be specified before taint changes: ${arg}`)
    else resources.push(arg)
  }
  if (resources.length === 0) throw new CliError('one or more resources must be specified as <resource> <name>')
  if (specs.length === 0) throw new CliError('at least one taint update is required')
  const { add, remove } = parseSpecs(session, specs)
  const kind = (await session.mapper.resource(resources[0]!.split('/')[0]!)).kind
  if (kind !== 'Node') throw new CliError(`invalid resource type ${resources[0]}, only node(s) is supported`)
  const dryRun = await dryRunOf(session)
  const { infos, errors } = await findInfos(session, resources, {
    all: flags.bool('all'),
    selector: flags.string('selector'),
  })
  const failed: Error[] = []
  for (const info of infos) {
    try {
      await change(session, info, add, remove, dryRun)
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...failed, ...errors])
}

function parseSpecs(session: Session, specs: readonly string[]): { add: Taint[]; remove: Partial<Taint>[] } {
  const add: Taint[] = []
  const remove: Partial<Taint>[] = []
  const fail = (text: string) => {
    throw session.usageError(text)
  }
  for (const spec of specs) {
    const removing = spec.endsWith('-')
    const body = removing ? spec.slice(0, -1) : spec
    const colon = body.indexOf(':')
    const [pair, effect] = colon < 0 ? [body, undefined] : [body.slice(0, colon), body.slice(colon + 1)]
    const eq = pair.indexOf('=')
    const key = eq < 0 ? pair : pair.slice(0, eq)
    const value = eq < 0 ? undefined : pair.slice(eq + 1)
    if (colon < 0 && !removing)
      fail(`invalid taint spec: ${spec}, ${QUALIFIED.test(pair) ? 'effect is missing' : NAME_WORDS}`)
    if (effect !== undefined && !EFFECTS.includes(effect))
      fail(`invalid taint effect: ${effect}, unsupported taint effect`)
    const name = key.split('/').at(-1)!
    if (!QUALIFIED.test(name)) fail(`invalid taint spec: ${spec}, ${NAME_WORDS}`)
    if (removing) remove.push({ key, ...(effect ? { effect } : {}) })
    else add.push({ key, ...(value ? { value } : {}), effect: effect! })
  }
  return { add, remove }
}

async function change(
  session: Session,
  info: Info,
  add: readonly Taint[],
  remove: readonly Partial<Taint>[],
  dryRun: DryRun,
): Promise<void> {
  const old: Taint[] = info.object.spec?.taints ?? []
  const overwrite = session.flags.bool('overwrite')
  if (!overwrite) {
    const taken = add.filter((taint) => old.some((o) => o.key === taint.key && o.effect === taint.effect))
    if (taken.length > 0) {
      throw new CliError(
        `node ${info.name} already has ${taken.map((t) => t.key).join(',')} taint(s) with same effect(s) and --overwrite is false`,
      )
    }
  }
  const kept = old.filter((o) => !add.some((t) => t.key === o.key && t.effect === o.effect))
  const missing: string[] = []
  let rest = kept
  for (const target of remove) {
    const next = rest.filter(
      (o) => !(o.key === target.key && (target.effect === undefined || o.effect === target.effect)),
    )
    if (next.length === rest.length)
      missing.push(`taint ${JSON.stringify(target.effect ? `${target.key}:${target.effect}` : target.key)} not found`)
    rest = next
  }
  if (missing.length > 0) throwAll(missing.map((text) => new CliError(text)))
  const taints = [...add, ...rest]
  const object = { ...info.object, spec: { ...info.object.spec, taints } }
  if (taints.length === 0) delete object.spec.taints
  const operation =
    remove.length > 0 && add.length === 0
      ? 'untainted'
      : remove.length > 0 || (overwrite && kept.length < old.length)
        ? 'modified'
        : 'tainted'
  const { kind, patch } = twoWayPatch(info.object, object)
  const result =
    dryRun === 'client'
      ? object
      : await patchObject(session.client, info, kind, patch, {
          dryRun,
          fieldManager: session.flags.string('field-manager'),
        })
  await session.print(printerFor(session, { operation: withDryRun(operation, dryRun) }).print(result))
}

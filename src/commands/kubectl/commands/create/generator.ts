import { type DryRun, dryRunOf, fieldValidation, withDryRun } from '../../builder/dry-run.ts'
import { dryRunFlag, fieldManagerFlag, saveConfigFlag, validateFlag } from '../../builder/flags.ts'
import { createObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { type ApiResource, parseGroupVersion } from '../../discovery/resource.ts'
import { CliError } from '../../errors/errors.ts'
import type { FlagSpec } from '../../flags/flag.ts'
import { withLastApplied } from '../../last-applied/annotation.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'
import { structOrder } from '../../typed/struct-order.ts'

export interface Generator {
  name: string
  aliases?: readonly string[]
  short: string
  long?: string
  examples?: string
  use: string
  flags?: readonly FlagSpec[]
  /** Namespaced unless told. */
  clusterWide?: boolean
  /** `failed to create deployment: `; without it the server's error stands alone. */
  failure?: string
  /** After NAME only what stands behind `--`. */
  command?: boolean
  build(session: Session, name: string): object | Promise<object>
}

/** A `create` subcommand that makes one object from flags. */
export function generator(spec: Generator): Command {
  return {
    name: spec.name,
    aliases: spec.aliases,
    short: spec.short,
    long: spec.long,
    examples: spec.examples,
    use: spec.use,
    flags: [
      ...printFlags(),
      dryRunFlag(),
      fieldManagerFlag('kubectl-create'),
      saveConfigFlag(),
      validateFlag(),
      ...(spec.flags ?? []),
    ],
    run: (session) => run(session, spec),
  }
}

async function run(session: Session, spec: Generator): Promise<void> {
  const name = nameOf(session, spec)
  const dryRun = await dryRunOf(session)
  const printer = printerFor(session, { operation: withDryRun('created', dryRun), typed: true })
  const built: any = await spec.build(session, name)
  const object = withNamespace(session, spec, built)
  const saved = session.flags.bool('save-config') ? withLastApplied(object) : object
  const created = dryRun === 'client' ? saved : await post(session, spec, saved, dryRun)
  await session.print(printer.print(structOrder(created)))
}

/** Exactly one argument before `--`. */
function nameOf(session: Session, spec: Generator): string {
  const { args, dashAt } = session
  const names = spec.command && dashAt >= 0 ? args.slice(0, dashAt) : args
  if (names.length !== 1) throw session.usageError(`exactly one NAME is required, got ${names.length}`)
  return names[0]!
}

/** What stands behind `--`, or after NAME. */
export function commandOf(session: Session): string[] {
  return session.dashAt >= 0 ? session.args.slice(session.dashAt) : session.args.slice(1)
}

function withNamespace(session: Session, spec: Generator, object: any): any {
  if (spec.clusterWide || !session.config.namespaceEnforced) return object
  const { name, ...metadata } = object.metadata
  return { ...object, metadata: { name, namespace: session.namespace, ...metadata } }
}

async function post(session: Session, spec: Generator, object: any, dryRun: DryRun): Promise<any> {
  const resource = await resourceOf(session, object)
  try {
    return await createObject(
      session.client,
      { resource, namespace: resource.namespaced ? session.namespace : undefined },
      object,
      { dryRun, fieldManager: session.flags.string('field-manager'), fieldValidation: fieldValidation(session) },
    )
  } catch (error) {
    if (spec.failure && error instanceof Error && 'status' in error)
      throw new CliError(`${spec.failure}${error.message}`)
    throw error
  }
}

export async function resourceOf(session: Session, object: any): Promise<ApiResource> {
  const resource = await session.mapper.kind(object.apiVersion, object.kind)
  if (resource) return resource
  const { group } = parseGroupVersion(object.apiVersion)
  throw new CliError(`no matches for kind ${JSON.stringify(object.kind)} in group ${JSON.stringify(group)}`)
}

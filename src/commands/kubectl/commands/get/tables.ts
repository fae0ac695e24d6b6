import { fileInfos, hasFiles } from '../../builder/files.ts'
import type { InfoOptions } from '../../builder/infos.ts'
import { listFailure } from '../../builder/list-failure.ts'
import { type Target, targetsOf } from '../../builder/targets.ts'
import { resourcePath } from '../../discovery/resource.ts'
import { CliError, isNotFound } from '../../errors/errors.ts'
import type { Table } from '../../printers/table.ts'
import type { Session } from '../../session.ts'

export const TABLE_ACCEPT =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'

export interface TargetTable {
  target: Target
  table: Table
}

/** What the call names, as targets. */
export async function namedTargets(
  session: Session,
  options: InfoOptions,
): Promise<{ targets: Target[]; errors: Error[] }> {
  if (!hasFiles(session)) return { targets: await targetsOf(session, session.args, options), errors: [] }
  if (session.args.length > 0) {
    throw new CliError(
      'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
    )
  }
  const { infos, errors } = await fileInfos(session)
  return { targets: infos.map(({ resource, namespace, name }) => ({ resource, namespace, name })), errors }
}

/** Asks the server for each target as a Table. */
export async function fetchTables(
  session: Session,
  targets: readonly Target[],
  options: InfoOptions,
  includeObject?: string,
): Promise<{ tables: TargetTable[]; errors: Error[] }> {
  const tables: TargetTable[] = []
  const errors: Error[] = []
  for (const target of targets) {
    try {
      tables.push({ target, table: await fetchTable(session, target, options, includeObject) })
    } catch (error) {
      if (options.ignoreNotFound && isNotFound(error)) continue
      errors.push(target.name === undefined ? listFailure(error, target.resource, options) : (error as Error))
    }
  }
  return { tables, errors }
}

async function fetchTable(
  session: Session,
  target: Target,
  options: InfoOptions,
  includeObject?: string,
): Promise<Table> {
  const path = resourcePath(target.resource, target.namespace, target.name, options.subresource)
  if (target.name !== undefined) {
    return asTable(await session.client.json({ path, query: [['includeObject', includeObject]], accept: TABLE_ACCEPT }))
  }
  let whole: Table | undefined
  let token: string | undefined
  do {
    const page: Table = asTable(
      await session.client.json({
        path,
        query: [
          ['continue', token],
          ['fieldSelector', options.fieldSelector],
          ['includeObject', includeObject],
          ['labelSelector', options.selector],
          ['limit', session.flags.int('chunk-size') || undefined],
        ],
        accept: TABLE_ACCEPT,
      }),
    )
    whole = whole ? { ...whole, rows: [...whole.rows, ...page.rows] } : page
    token = page.metadata?.continue
  } while (token)
  return whole
}

/** Servers that know no Tables answer with the objects: their names and ages must do. */
export function asTable(answer: any): Table {
  if (answer?.kind === 'Table')
    return { ...answer, rows: answer.rows ?? [], columnDefinitions: answer.columnDefinitions ?? [] }
  const objects: any[] = Array.isArray(answer?.items) ? answer.items : [answer]
  return {
    kind: 'Table',
    columnDefinitions: [{ name: 'Name' }, { name: 'Created At' }],
    rows: objects.map((object) => ({ cells: [object.metadata?.name, object.metadata?.creationTimestamp], object })),
    metadata: answer?.metadata,
  }
}

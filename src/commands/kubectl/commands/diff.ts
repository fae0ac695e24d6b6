import { createTwoFilesPatch } from 'diff'
import { dateFields } from '../../../sim/time/date.ts'
import { fileInfos, hasFiles } from '../builder/files.ts'
import { fieldManagerFlag, filenameFlags, selectorFlag } from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { createObject, getObject, patchObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { ExitCode, isNotFound } from '../errors/errors.ts'
import { bool, int, list } from '../flags/flag.ts'
import { LAST_APPLIED, lastApplied } from '../last-applied/annotation.ts'
import { threeWayPatch } from '../patch/three-way.ts'
import { withoutManagedFields } from '../printers/structured.ts'
import type { Session } from '../session.ts'
import { toYaml } from '../yaml/dump.ts'
import { matchingLabels } from './create/selector.ts'

export const diff: Command = {
  name: 'diff',
  short: 'Diff the live version against a would-be applied version',
  long: `Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.

 The output is always YAML.

 KUBECTL_EXTERNAL_DIFF environment variable can be used to select your own diff command. By default, the "diff" command available in your path will be run with the "-u" (unified diff) and "-N" (treat absent files as empty) options.

 Exit status: 0 No differences were found. 1 Differences were found. >1 Kubectl or diff failed with an error.`,
  examples:
    '\n# Diff resources included in pod.json\nkubectl diff -f pod.json\n\n# Diff file read from stdin\ncat service.yaml | kubectl diff -f -',
  use: 'diff -f FILENAME',
  flags: [
    ...filenameFlags('contains the configuration to diff'),
    int(
      'concurrency',
      'Number of objects to process in parallel when diffing against the live version. Larger number = faster, but more memory, I/O and CPU over that shorter period of time.',
      { default: '1' },
    ),
    fieldManagerFlag('kubectl-client-side-apply'),
    bool('force-conflicts', 'If true, server-side apply will force the changes against conflicts.'),
    bool(
      'prune',
      'Include resources that would be deleted by pruning. Can be used with -l and default shows all resources would be pruned',
    ),
    list('prune-allowlist', 'Overwrite the default allowlist with <group/version/kind> for --prune'),
    selectorFlag(),
    bool('server-side', 'If true, apply runs in the server instead of the client.'),
    bool('show-managed-fields', 'If true, include managed fields in the diff.'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  if (!hasFiles(session)) throw session.usageError('must specify one of -f and -k')
  const { infos, errors } = await fileInfos(session, { validate: false })
  if (errors.length > 0) throw errors[0]!
  const matches = matchingLabels(session.flags.string('selector'))
  const folders = [folder(session, 'LIVE'), folder(session, 'MERGED')]
  let differs = false
  for (const info of infos.filter((i) => matches(i.object))) {
    const live = await getObject(session.client, info).catch((error) => {
      if (isNotFound(error)) return undefined
      throw error
    })
    const merged = await mergedObject(session, info, live)
    const text = unified(session, info, folders as [string, string], live, merged)
    if (text) {
      differs = true
      await session.print(text)
    }
  }
  if (differs) throw new ExitCode(1)
}

const folder = (session: Session, name: string) =>
  `/tmp/${name}-${session.process.random.int(100_000_000, 4_294_967_295)}`

/** What apply would leave behind, as a dry run tells. */
async function mergedObject(session: Session, info: Info, live: any): Promise<any> {
  const options = { dryRun: 'server' as const, fieldManager: session.flags.string('field-manager') }
  if (session.flags.bool('server-side')) {
    const force = session.flags.bool('force-conflicts')
    return patchObject(session.client, info, 'apply', info.object, { ...options, fieldManager: 'kubectl', force })
  }
  if (!live) return createObject(session.client, info, info.object, options)
  const { [LAST_APPLIED]: _, ...annotations } = info.object.metadata?.annotations ?? {}
  const modified = { ...info.object, metadata: { ...info.object.metadata, annotations } }
  const text = lastApplied(live)
  const { kind, patch } = threeWayPatch(text ? JSON.parse(text) : undefined, modified, live)
  return Object.keys(patch).length === 0 ? live : patchObject(session.client, info, kind, patch, options)
}

function unified(session: Session, info: Info, folders: [string, string], live: any, merged: any): string {
  const managed = session.flags.bool('show-managed-fields')
  const show = (object: any) => (object ? toYaml(masked(info, managed ? object : withoutManagedFields(object))) : '')
  const before = show(live)
  const after = show(
    merged && live
      ? { ...merged, metadata: { ...merged.metadata, resourceVersion: live.metadata?.resourceVersion } }
      : merged,
  )
  if (before === after) return ''
  const { group, version, kind } = info.resource
  const name = [group, version, kind, info.namespace ?? '', info.name].filter((part, i) => i > 0 || part).join('.')
  const [from, to] = folders.map((path) => `${path}/${name}`) as [string, string]
  const stamp = time(session.now())
  const body = createTwoFilesPatch(from, to, before, after, stamp, stamp, { context: 3 })
  return `diff -u -N ${from} ${to}\n${body.replace(/^=+\n/, '')}`
}

/** Secrets are compared, but not shown. */
function masked(info: Info, object: any): any {
  if (info.resource.kind !== 'Secret' || info.resource.group !== '' || !object.data) return object
  return { ...object, data: Object.fromEntries(Object.keys(object.data).map((key) => [key, '***'])) }
}

function time(now: number): string {
  const d = dateFields(now)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.year}-${two(d.month)}-${two(d.day)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)}.${String(Math.floor((now % 1000) * 1e6)).padStart(9, '0')} +0000`
}

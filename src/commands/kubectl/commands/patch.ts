import { goJsonProblem } from '../../../sim/kubernetes/api/go-json.ts'
import { jsonPatch } from '../../../sim/kubernetes/apiserver/patch/json-patch.ts'
import { mergePatch } from '../../../sim/kubernetes/apiserver/patch/merge-patch.ts'
import { strategicMergePatch } from '../../../sim/kubernetes/apiserver/patch/strategic-merge-patch.ts'
import { dryRunOf, withDryRun } from '../builder/dry-run.ts'
import { hasFiles } from '../builder/files.ts'
import {
  dryRunFlag,
  fieldManagerFlag,
  filenameFlags,
  localFlag,
  recordFlag,
  subresourceFlag,
} from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { findInfos } from '../builder/infos.ts'
import { PATCH_TYPES, type PatchKind, patchObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { CliError, StatusError, throwAll } from '../errors/errors.ts'
import { goFileError } from '../errors/report.ts'
import { string } from '../flags/flag.ts'
import { compactJson } from '../json/json.ts'
import { shapeOf } from '../patch/schema.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { parseYaml } from '../yaml/load.ts'

export const patch: Command = {
  name: 'patch',
  short: 'Update fields of a resource',
  long: `Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.

 JSON and YAML formats are accepted.

 Note: Strategic merge patch is not supported for custom resources.`,
  examples: `
# Partially update a node using a strategic merge patch, specifying the patch as JSON
kubectl patch node k8s-node-1 -p '{"spec":{"unschedulable":true}}'

# Update a container's image; spec.containers[*].name is required because it's a merge key
kubectl patch pod valid-pod -p '{"spec":{"containers":[{"name":"kubernetes-serve-hostname","image":"new image"}]}}'

# Update a container's image using a JSON patch with positional arrays
kubectl patch pod valid-pod --type='json' -p='[{"op": "replace", "path": "/spec/containers/0/image", "value":"new image"}]'`,
  use: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource to update'),
    dryRunFlag(),
    fieldManagerFlag('kubectl-patch'),
    localFlag(),
    string('patch', 'The patch to be applied to the resource JSON file.', { shorthand: 'p' }),
    string('patch-file', 'A file containing a patch to be applied to the resource.'),
    recordFlag(),
    subresourceFlag(),
    string('type', 'The type of patch being provided; one of [json merge strategic]', { default: 'strategic' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  const type = flags.string('type')
  if (flags.string('patch') && flags.string('patch-file'))
    throw new CliError('cannot specify --patch and --patch-file together')
  if (!flags.string('patch') && !flags.string('patch-file')) {
    throw new CliError('must specify --patch or --patch-file containing the contents of the patch')
  }
  if (flags.bool('local') && args.length > 0) throw new CliError('cannot specify --local and server resources')
  if (!['json', 'merge', 'strategic'].includes(type)) {
    throw new CliError(`--type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
  }
  const dryRun = await dryRunOf(session)
  const text = flags.string('patch') || readPatchFile(session)
  const local = flags.bool('local')
  const subresource = flags.string('subresource') || undefined
  const { infos, errors } = await findInfos(session, args, { latest: !local, local, subresource })
  throwAll(errors.length > 0 && infos.length === 0 ? errors : [])
  const body = parsePatch(text)
  if (infos.length === 0 && !hasFiles(session)) throw new CliError('no objects passed to patch')
  const failed: Error[] = [...errors]
  for (const info of infos) {
    try {
      const client = local || dryRun === 'client'
      const result = client
        ? locally(info.object, type as PatchKind, body)
        : await send(session, info, type as PatchKind, body, subresource, dryRun)
      const changed = compactJson(result) !== compactJson(info.object)
      const operation = withDryRun(changed ? 'patched' : 'patched (no change)', changed ? dryRun : 'none')
      await session.print(printerFor(session, { operation }).print(result))
    } catch (error) {
      const unsupported = error instanceof StatusError && error.reason === 'UnsupportedMediaType'
      failed.push(unsupported ? unsupportedPatch(info, type as PatchKind, error) : (error as Error))
    }
  }
  throwAll(failed)
}

function unsupportedPatch({ resource }: Info, type: PatchKind, error: Error): CliError {
  const gvk = `${resource.group ? `${resource.group}/` : ''}${resource.version}, Kind=${resource.kind}`
  return new CliError(`${PATCH_TYPES[type]} is not supported by ${gvk}: ${error.message}`)
}

function send(
  session: Session,
  info: Info,
  type: PatchKind,
  body: unknown,
  subresource: string | undefined,
  dryRun: 'none' | 'server' | 'client',
) {
  return patchObject(session.client, info, type, body, {
    dryRun,
    subresource,
    fieldManager: session.flags.string('field-manager'),
  })
}

function readPatchFile(session: Session): string {
  const path = session.flags.string('patch-file')
  try {
    return session.process.files.readText(path)
  } catch (error) {
    throw new CliError(`unable to read patch file: ${goFileError('open', path, error)}`)
  }
}

/** What begins like JSON goes to the server as it is, even when it is none. */
function parsePatch(text: string): unknown {
  if (/^\s*\{/.test(text) && goJsonProblem(text) !== undefined) return text
  try {
    return parseYaml(text)
  } catch (error) {
    throw new CliError(`unable to parse ${JSON.stringify(text)}: ${(error as Error).message}`)
  }
}

function locally(object: any, type: PatchKind, body: unknown): any {
  if (type === 'json') return jsonPatch(object, body)
  const shape = shapeOf(object.apiVersion, object.kind)
  return type === 'strategic' && shape ? strategicMergePatch(shape, object, body) : mergePatch(object, body)
}

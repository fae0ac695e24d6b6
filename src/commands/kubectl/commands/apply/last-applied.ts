import { dryRunOf, withDryRun } from '../../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../../builder/files.ts'
import { dryRunFlag, filenameFlags, selectorFlag } from '../../builder/flags.ts'
import { findInfos } from '../../builder/infos.ts'
import { getObject, patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { bool, string } from '../../flags/flag.ts'
import { indentedJson } from '../../json/json.ts'
import { LAST_APPLIED, lastApplied, withLastApplied } from '../../last-applied/annotation.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import { toYaml } from '../../yaml/dump.ts'
import { editEach } from '../edit/editor.ts'

export const viewLastApplied: Command = {
  name: 'view-last-applied',
  short: 'View the latest last-applied-configuration annotations of a resource/object',
  long: 'View the latest last-applied-configuration annotations by type/name or file.\n\n The default output will be printed to stdout in YAML format. You can use the -o option to change the output format.',
  examples:
    '\n# View the last-applied-configuration annotations by type/name in YAML\nkubectl apply view-last-applied deployment/nginx',
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  flags: [
    ...filenameFlags('that contains the last-applied-configuration annotations'),
    bool('all', 'Select all resources in the namespace of the specified resource types'),
    string('output', 'Output format. Must be one of (yaml, json)', { shorthand: 'o', default: 'yaml' }),
    selectorFlag(),
  ],
  async run(session) {
    const { flags, args } = session
    const output = flags.string('output')
    if (output !== 'yaml' && output !== 'json')
      throw session.usageError(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`)
    const { infos, errors } = await findInfos(session, args, {
      all: flags.bool('all'),
      selector: flags.string('selector'),
      latest: true,
    })
    throwAll(errors)
    for (const info of infos) {
      const text = lastApplied(info.object)
      if (text === undefined) continue
      const config = JSON.parse(text)
      await session.print(output === 'json' ? `${indentedJson(config, 2)}\n` : toYaml(config))
    }
  },
}

export const setLastApplied: Command = {
  name: 'set-last-applied',
  short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
  long: "Set the latest last-applied-configuration annotations by setting it to match the contents of a file. This results in the last-applied-configuration being updated as though 'kubectl apply -f <file>' was run, without updating any other parts of the object.",
  examples:
    '\n# Set the last-applied-configuration of a resource to match the contents of a file\nkubectl apply set-last-applied -f deploy.yaml',
  use: 'set-last-applied -f FILENAME',
  flags: [
    ...printFlags(),
    ...filenameFlags('that contains the last-applied-configuration annotations'),
    bool(
      'create-annotation',
      "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
    ),
    dryRunFlag(),
  ],
  async run(session) {
    if (!hasFiles(session)) throw new CliError('must specify one of -f and -k')
    const dryRun = await dryRunOf(session)
    const { infos, errors } = await fileInfos(session, { validate: true })
    throwAll(errors)
    for (const info of infos) {
      const live = await getObject(session.client, info)
      const had = lastApplied(live)
      if (had === undefined && !session.flags.bool('create-annotation')) {
        throw new CliError(
          `no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
        )
      }
      const text = lastApplied(withLastApplied(info.object))!
      const patch = { metadata: { annotations: { [LAST_APPLIED]: text } } }
      const result = dryRun === 'client' ? live : await patchObject(session.client, info, 'merge', patch, { dryRun })
      await session.print(printerFor(session, { operation: withDryRun('configured', dryRun) }).print(result))
    }
  },
}

export const editLastApplied: Command = {
  name: 'edit-last-applied',
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  long: 'Edit the latest last-applied-configuration annotations of resources from the default editor.',
  examples:
    '\n# Edit the last-applied-configuration annotations by type/name in YAML\nkubectl apply edit-last-applied deployment/nginx',
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  flags: [...printFlags(), ...filenameFlags('to use to edit the resource')],
  async run(session) {
    const { infos, errors } = await findInfos(session, session.args, { latest: true })
    throwAll(errors)
    await editEach(session, infos, {
      text: (info) => JSON.parse(lastApplied(info.object) ?? '{}'),
      async save(info, edited) {
        const patch = { metadata: { annotations: { [LAST_APPLIED]: lastApplied(withLastApplied(edited)) } } }
        return patchObject(session.client, info, 'merge', patch, { fieldManager: 'kubectl-client-side-apply' })
      },
    })
  },
}

import { fieldValidation } from '../../builder/dry-run.ts'
import { hasFiles } from '../../builder/files.ts'
import {
  fieldManagerFlag,
  filenameFlags,
  recordFlag,
  saveConfigFlag,
  subresourceFlag,
  validateFlag,
} from '../../builder/flags.ts'
import { findInfos } from '../../builder/infos.ts'
import { patchObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { bool } from '../../flags/flag.ts'
import { withLastApplied } from '../../last-applied/annotation.ts'
import { twoWayPatch } from '../../patch/three-way.ts'
import { printFlags } from '../../printers/print-flags.ts'
import { withoutManagedFields } from '../../printers/structured.ts'
import { editEach } from './editor.ts'

export const edit: Command = {
  name: 'edit',
  short: 'Edit a resource on the server',
  long: `Edit a resource from the default editor.

 The edit command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows. When attempting to open the editor, it will first attempt to use the shell that has been defined in the 'SHELL' environment variable. You can edit multiple objects, although changes are applied one at a time. The command accepts file names as well as command-line arguments, although the files you point to must be previously saved versions of resources.`,
  examples: `
# Edit the service named 'registry'
kubectl edit svc/registry

# Use an alternative editor
KUBE_EDITOR="nano" kubectl edit svc/registry

# Edit the job 'myjob' in JSON using the v1 API format
kubectl edit job.v1.batch/myjob -o json`,
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  flags: [
    ...printFlags(),
    ...filenameFlags('to use to edit the resource'),
    fieldManagerFlag('kubectl-edit'),
    bool('output-patch', 'Output the patch if the resource is edited.'),
    recordFlag(),
    saveConfigFlag(),
    subresourceFlag(),
    validateFlag(),
    bool('windows-line-endings', 'Defaults to the line ending native to your platform.'),
  ],
  async run(session) {
    const { args, flags } = session
    if (args.length === 0 && !hasFiles(session)) throw new CliError('must specify one of -f and -k')
    const subresource = flags.string('subresource') || undefined
    const { infos, errors } = await findInfos(session, args, { latest: true, subresource, listable: true })
    throwAll(errors)
    const fieldManager = flags.string('field-manager')
    await editEach(session, infos, {
      text: (info) => (flags.bool('show-managed-fields') ? info.object : withoutManagedFields(info.object)),
      save(info, edited, shown) {
        const wanted = flags.bool('save-config') ? withLastApplied(edited) : edited
        const { kind, patch } = twoWayPatch(shown, wanted)
        return patchObject(session.client, info, kind, patch, {
          subresource,
          fieldManager,
          fieldValidation: fieldValidation(session),
        })
      },
    })
  },
}

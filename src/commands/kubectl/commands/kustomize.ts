import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'
import { bool, string } from '../flags/flag.ts'
import { buildKustomization } from '../kustomize/build.ts'

export const kustomize: Command = {
  name: 'kustomize',
  short: 'Build a kustomization target from a directory or URL',
  long: "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.",
  examples:
    '\n# Build the current working directory\nkubectl kustomize\n\n# Build some shared configuration directory\nkubectl kustomize /home/config/production',
  use: 'kustomize DIR',
  flags: [
    bool('enable-helm', 'Enable use of the Helm chart inflator generator.'),
    string(
      'load-restrictor',
      "if set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root. This does, however, break the relocatability of the kustomization.",
      { default: 'LoadRestrictionsRootOnly' },
    ),
    string('output', 'If specified, write output to this path.', { shorthand: 'o' }),
  ],
  async run(session) {
    const { args, flags } = session
    if (args.length > 1) throw new CliError('specify one path to kustomization.yaml')
    const text = await buildKustomization(session, args[0] ?? '.')
    if (flags.string('output')) session.process.files.write(flags.string('output'), text)
    else await session.print(text)
  },
}

import { rfc3339 } from '../../../sim/time/date.ts'
import { hasFiles } from '../builder/files.ts'
import { filenameFlags } from '../builder/flags.ts'
import { findInfos } from '../builder/infos.ts'
import { getObject, replaceObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { CliError, isConflict, throwAll } from '../errors/errors.ts'
import { bool } from '../flags/flag.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'

function command(name: 'approve' | 'deny'): Command {
  const type = name === 'approve' ? 'Approved' : 'Denied'
  return {
    name,
    short: name === 'approve' ? 'Approve a certificate signing request' : 'Deny a certificate signing request',
    long: name === 'approve' ? 'Approve a certificate signing request.' : 'Deny a certificate signing request.',
    examples: `\n# ${name === 'approve' ? 'Approve' : 'Deny'} CSR 'csr-sqgzp'\nkubectl certificate ${name} csr-sqgzp`,
    use: `${name} (-f FILENAME | NAME)`,
    flags: [
      ...printFlags(),
      ...filenameFlags('identifying the resource to update'),
      bool('force', 'Update the CSR even if it is already approved.'),
    ],
    run: (session) => decide(session, type),
  }
}

async function decide(session: Session, type: 'Approved' | 'Denied'): Promise<void> {
  if (session.args.length === 0 && !hasFiles(session))
    throw new CliError('one or more CSRs must be specified as <name> or -f <filename>')
  const args = hasFiles(session) ? [] : ['certificatesigningrequests', ...session.args]
  const { infos, errors } = await findInfos(session, args, { latest: true })
  const other = type === 'Approved' ? 'Denied' : 'Approved'
  const failed: Error[] = []
  for (const info of infos) {
    try {
      for (let attempt = 0; ; attempt++) {
        const csr = attempt === 0 ? info.object : await getObject(session.client, info)
        const conditions: any[] = csr.status?.conditions ?? []
        if (conditions.some((c) => c.type === other))
          throw new CliError(`certificate signing request "${info.name}" is already ${other}`)
        if (!conditions.some((c) => c.type === type) || session.flags.bool('force')) {
          const condition = {
            type,
            status: 'True',
            reason: type === 'Approved' ? 'KubectlApprove' : 'KubectlDeny',
            message: `This CSR was ${type === 'Approved' ? 'approved' : 'denied'} by kubectl certificate ${type === 'Approved' ? 'approve' : 'deny'}.`,
            lastUpdateTime: rfc3339(session.now()),
          }
          const changed = {
            ...csr,
            status: { ...csr.status, conditions: [...conditions.filter((c) => c.type !== type), condition] },
          }
          try {
            await replaceObject(session.client, info, changed, { subresource: 'approval' })
          } catch (error) {
            if (isConflict(error) && attempt < 10) continue
            throw error
          }
        }
        break
      }
      await session.print(printerFor(session, { operation: type.toLowerCase() }).print(info.object))
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll([...failed, ...errors])
}

export const certificate: Command = {
  name: 'certificate',
  short: 'Modify certificate resources',
  long: 'Modify certificate resources.',
  use: 'certificate SUBCOMMAND',
  subcommands: [command('approve'), command('deny')],
}

import type { Command } from '../../command.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import { TABLE, TabWriter } from '../../printers/tab-writer.ts'
import { structOrder } from '../../typed/struct-order.ts'

export const whoami: Command = {
  name: 'whoami',
  short: 'Experimental: Check self subject attributes',
  long: 'Experimental: Check who you are and your attributes (groups, extra).',
  examples:
    '\n# Get your subject attributes\nkubectl auth whoami\n\n# Get your subject attributes in JSON format\nkubectl auth whoami -o json',
  use: 'whoami',
  flags: printFlags(),
  async run(session) {
    const review = {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      status: { userInfo: {} },
    }
    const answer = await session.client.json({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: review,
    })
    if (session.flags.string('output'))
      return session.print(printerFor(session, { typed: true }).print(structOrder(answer)))
    const { username, uid, groups, extra } = answer.status?.userInfo ?? {}
    const rows = [['ATTRIBUTE', 'VALUE']]
    if (username) rows.push(['Username', username])
    if (uid) rows.push(['UID', uid])
    if (groups?.length > 0) rows.push(['Groups', `[${groups.join(' ')}]`])
    for (const key of Object.keys(extra ?? {}).sort()) rows.push([`Extra: ${key}`, `[${extra[key].join(' ')}]`])
    await session.print(new TabWriter(TABLE).format(rows.map((row) => `${row.join('\t')}\n`).join('')))
  },
}

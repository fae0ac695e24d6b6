import type { Command } from '../command.ts'
import { CliError, ConnectionError } from '../errors/errors.ts'
import { bool, string } from '../flags/flag.ts'
import { indentedJson } from '../json/json.ts'
import { toYaml } from '../yaml/dump.ts'

export const VERSION = 'v1.36.2'
const KUSTOMIZE = 'v5.8.0'

export const version: Command = {
  name: 'version',
  short: 'Print the client and server version information',
  long: 'Print the client and server version information for the current context.',
  examples: '\n# Print the client and server versions for the current context\nkubectl version',
  use: 'version',
  flags: [
    bool('client', 'If true, shows client version only (no server required).'),
    string('output', "One of 'yaml' or 'json'.", { shorthand: 'o' }),
  ],
  async run(session) {
    const { flags, args } = session
    if (args.length > 0) throw session.usageError(`extra arguments: [${args.join(' ')}]`)
    const output = flags.string('output')
    if (!['', 'yaml', 'json'].includes(output)) throw new CliError(`--output must be 'yaml' or 'json'`)
    let server: any
    let failure: unknown
    if (!flags.bool('client')) {
      try {
        server = await session.client.json({ path: '/version', query: [['timeout', '32s']] })
      } catch (error) {
        failure = error
      }
    }
    const clientVersion = {
      major: '1',
      minor: '36',
      gitVersion: VERSION,
      gitTreeState: 'clean',
      compiler: 'gc',
      platform: 'linux/amd64',
    }
    const all = { clientVersion, kustomizeVersion: KUSTOMIZE, ...(server ? { serverVersion: server } : {}) }
    if (output === 'json') await session.print(`${indentedJson(all, 2, false)}\n`)
    else if (output === 'yaml') await session.print(toYaml(all))
    else {
      await session.print(`Client Version: ${VERSION}\nKustomize Version: ${KUSTOMIZE}\n`)
      if (server) await session.print(`Server Version: ${server.gitVersion}\n`)
    }
    if (failure instanceof ConnectionError || failure) throw failure
  },
}

import { printTemplate } from './print-template.ts'
import { CommandError, type Session } from './session.ts'

const CLIENT = {
  Version: '28.2.2',
  ApiVersion: '1.41',
  DefaultAPIVersion: '1.50',
  GitCommit: 'e6534b4',
  GoVersion: 'go1.24.3',
  Os: 'linux',
  Arch: 'amd64',
  BuildTime: 'Fri May 30 12:07:14 2025',
  Context: 'default',
}

interface ServerVersion {
  Components: { Name: string; Version: string; Details: Record<string, string> }[]
}

function block(rows: readonly (readonly [string, string])[], indent: string): string {
  return rows.map(([name, value]) => `${indent}${`${name}:`.padEnd(18)} ${value}\n`).join('')
}

export async function showVersion(session: Session): Promise<number> {
  let server: ServerVersion | undefined
  let refused: CommandError | undefined
  try {
    server = await session.client.get<ServerVersion>('/version')
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    refused = error
  }
  const format = session.flags.string('format')
  if (format) {
    const value = { Client: { Platform: { Name: '' }, ...CLIENT, Experimental: false }, Server: server ?? null }
    const text = printTemplate(format, value, 'version', 'system.versionInfo')
    await session.print(`${text}\n`)
  } else {
    const api = server ? `${CLIENT.ApiVersion} (downgraded from ${CLIENT.DefaultAPIVersion})` : CLIENT.DefaultAPIVersion
    await session.print(
      `Client:\n${block(
        [
          ['Version', CLIENT.Version],
          ['API version', api],
          ['Go version', CLIENT.GoVersion],
          ['Git commit', CLIENT.GitCommit],
          ['Built', CLIENT.BuildTime],
          ['OS/Arch', 'linux/amd64'],
          ['Context', 'default'],
        ],
        ' ',
      )}`,
    )
    if (server) {
      await session.print('\nServer:\n')
      for (const { Name, Version, Details } of server.Components) {
        const rows: [string, string][] =
          Name === 'Engine'
            ? [
                ['Version', Version],
                ['API version', `${Details.ApiVersion} (minimum version ${Details.MinAPIVersion})`],
                ['Go version', Details.GoVersion ?? ''],
                ['Git commit', Details.GitCommit ?? ''],
                ['Built', 'Sun Jan  5 11:53:21 2025'],
                ['OS/Arch', `${Details.Os}/${Details.Arch}`],
                ['Experimental', Details.Experimental ?? 'false'],
              ]
            : [
                ['Version', Version],
                ['GitCommit', Details.GitCommit ?? ''],
              ]
        await session.print(` ${Name}:\n${block(rows, '  ')}`)
      }
    }
  }
  if (refused) throw refused
  return 0
}

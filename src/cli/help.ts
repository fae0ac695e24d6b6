import type { CliCommand } from './command.ts'
import { commands } from './commands/index.ts'

export async function generalHelp(): Promise<string> {
  const lines: [string, string][] = []
  for (const load of Object.values(commands)) {
    const command = await load()
    lines.push([`kubebook ${command.usage}`.trim(), command.summary])
  }
  const width = 34
  const list = lines.map(([usage, summary]) =>
    usage.length < width - 1 ? `  ${usage.padEnd(width)}${summary}` : `  ${usage}\n  ${' '.repeat(width)}${summary}`,
  )
  return [
    'The Kubernetes textbook that runs: a book, and beside it a simulated computer.',
    '',
    ...list,
    '',
    'Everywhere:',
    '  --course DIR    a course of your own: a folder with lessons, labs, graders',
    '  --lang en|zh    language',
    '  --speed N       virtual seconds a second (study, lab, demo)',
    '  --no-color      no colours (also NO_COLOR)',
    '  --help, --version',
    '',
    'KUBEBOOK_HOME names the folder for progress and journals.',
  ].join('\n')
}

export function commandHelp(command: CliCommand): string {
  return [`usage: kubebook ${command.usage}`, '', command.summary, ...(command.help ? ['', command.help] : [])].join(
    '\n',
  )
}

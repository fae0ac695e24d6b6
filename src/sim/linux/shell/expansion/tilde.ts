import type { Shell } from '../shell.ts'

/** The home folder that `~` or `~user` stands for; undefined when there is none. */
export function homeOf(shell: Shell, user: string): string | undefined {
  if (user === '')
    return (
      shell.variables.get('HOME') ?? entryOf(shell, (fields) => fields[2] === String(shell.process.credentials.uid))
    )
  if (user === '+') return shell.variables.get('PWD')
  if (user === '-') return shell.variables.get('OLDPWD')
  return entryOf(shell, (fields) => fields[0] === user)
}

function entryOf(shell: Shell, wanted: (fields: string[]) => boolean): string | undefined {
  try {
    for (const line of shell.process.files.readText('/etc/passwd').split('\n')) {
      const fields = line.split(':')
      if (fields.length > 5 && wanted(fields)) return fields[5]
    }
  } catch {
    // No passwd file: no home folders.
  }
  return undefined
}

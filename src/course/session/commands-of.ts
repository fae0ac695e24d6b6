/** Commands of a script, each with its here-document and continuation lines. Blank lines and comments are left out. */
export function commandsOf(script: string): string[] {
  const commands: string[] = []
  let end: string | undefined
  let open = false
  for (const line of script.trimEnd().split('\n')) {
    if (open) commands[commands.length - 1] += `\n${line}`
    else commands.push(line)
    if (end === undefined) end = /<<-?\s*['"]?(\w+)['"]?/.exec(line)?.[1]
    else if (line.trim() === end) end = undefined
    open = end !== undefined || line.endsWith('\\')
  }
  return commands.filter((command) => !/^\s*(#.*)?$/.test(command))
}

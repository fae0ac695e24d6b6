import type { Command } from '../command.ts'

/** Commands that a misspelt name may have meant: two edits away, or begun by it. */
export function suggestions(commands: readonly Command[], typed: string): string[] {
  return commands
    .filter((c) => !c.hidden)
    .map((c) => c.name)
    .filter(
      (name) =>
        distance(typed.toLowerCase(), name.toLowerCase()) <= 2 || name.toLowerCase().startsWith(typed.toLowerCase()),
    )
}

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}

import type { Word } from 'unbash'
import { forEachChild, type SyntaxNode } from 'unbash'
import { parseScript } from './parse.ts'
import type { Shell } from './shell.ts'

/** Replaces command names that are aliases, as the shell does when it reads a line. */
export function expandAliases(shell: Shell, text: string): string {
  if (shell.aliases.size === 0 || (shell.isBash && !shell.interactive && !shell.shopt.has('expand_aliases')))
    return text
  let current = text
  // An alias is not expanded again inside its own text.
  const used = new Set<string>()
  for (let round = 0; round < 10; round++) {
    const names = commandNames(current).filter((word) => shell.aliases.has(word.text) && !used.has(word.text))
    if (names.length === 0) return current
    for (const word of names.sort((a, b) => b.pos - a.pos)) {
      current = current.slice(0, word.pos) + shell.aliases.get(word.text)! + current.slice(word.end)
    }
    for (const word of names) used.add(word.text)
  }
  return current
}

function commandNames(text: string): Word[] {
  const names: Word[] = []
  const visit = (node: SyntaxNode) => {
    if (node.type === 'Command' && node.name && !node.name.parts) names.push(node.name)
    if (node.type !== 'Word') forEachChild(node, visit)
  }
  visit(parseScript(text))
  return names
}

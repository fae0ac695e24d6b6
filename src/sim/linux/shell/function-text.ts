import type { CompoundList, PipelineNode, Statement } from 'unbash'
import type { ShellFunction } from './shell.ts'

/** A function as bash prints it (`type f`, `declare -f f`): one command a line, four spaces deep. */
export function functionText(name: string, { node, source }: ShellFunction): string {
  const { body } = node
  const group = body.type === 'BraceGroup' ? body.body : body.type === 'CompoundList' ? body : undefined
  const text = (each: { pos: number; end: number }) => source.text.slice(each.pos, each.end)
  if (!group) return `${name} () \n${text(body)}`
  return `${name} () \n{ \n${listText(group, '    ', text)}\n}`
}

type TextOf = (node: { pos: number; end: number }) => string

function listText(list: CompoundList, indent: string, text: TextOf): string {
  return list.commands
    .map((statement, index) => {
      const last = index === list.commands.length - 1
      return `${indent}${statementText(statement, indent, text)}${last || statement.background ? '' : ';'}`
    })
    .join('\n')
}

function statementText(statement: Statement, indent: string, text: TextOf): string {
  return nodeText(statement.command, indent, text) + (statement.background ? ' &' : '')
}

function nodeText(node: PipelineNode | Statement['command'], indent: string, text: TextOf): string {
  const deeper = `${indent}    `
  switch (node.type) {
    case 'If': {
      let out = `if ${inline(node.clause, indent, text)}; then\n${listText(node.then, deeper, text)};`
      for (const branch of node.elif)
        out += `\n${indent}elif ${inline(branch.clause, indent, text)}; then\n${listText(branch.then, deeper, text)};`
      if (node.else) out += `\n${indent}else\n${listText(node.else, deeper, text)};`
      return `${out}\n${indent}fi`
    }
    case 'While':
      return `${node.kind} ${inline(node.clause, indent, text)}; do\n${listText(node.body, deeper, text)};\n${indent}done`
    case 'For':
      return `for ${node.name.text}${node.wordlist ? ` in ${node.wordlist.map(text).join(' ')}` : ''};\n${indent}do\n${listText(node.body, deeper, text)};\n${indent}done`
    default:
      return text(node)
  }
}

const inline = (list: CompoundList, indent: string, text: TextOf) =>
  list.commands.map((statement) => statementText(statement, indent, text)).join('; ')

/** The tree of a parsed template. `at` is the offset Go names in error positions. */
export type Node =
  | { kind: 'text'; text: string; at: number }
  | { kind: 'action'; pipe: Pipe; at: number }
  | { kind: 'if' | 'with' | 'range'; pipe: Pipe; body: Node[]; otherwise?: Node[]; at: number }
  | { kind: 'template'; name: string; pipe?: Pipe; at: number }
  | { kind: 'break' | 'continue'; at: number }

export interface Pipe {
  kind: 'pipe'
  declared: string[]
  assign: boolean
  commands: Command[]
  at: number
}

export interface Command {
  kind: 'command'
  operands: Operand[]
  at: number
}

export type Operand =
  | { kind: 'dot'; at: number }
  | { kind: 'nil'; at: number }
  | { kind: 'bool'; value: boolean; at: number }
  | { kind: 'number'; text: string; value: number; at: number }
  | { kind: 'string'; text: string; value: string; at: number }
  | { kind: 'field'; names: string[]; at: number }
  | { kind: 'variable'; name: string; names: string[]; at: number }
  | { kind: 'chain'; of: Operand; names: string[]; at: number }
  | { kind: 'identifier'; name: string; at: number }
  | Pipe

/** A node as Go's String() writes it: what stands between `<` and `>` in execution errors. */
export function show(node: Operand | Pipe | Command): string {
  switch (node.kind) {
    case 'pipe': {
      const declared = node.declared.length > 0 ? `${node.declared.join(', ')} ${node.assign ? '=' : ':='} ` : ''
      return declared + node.commands.map(show).join(' | ')
    }
    case 'command':
      return node.operands.map((operand) => (operand.kind === 'pipe' ? `(${show(operand)})` : show(operand))).join(' ')
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    case 'number':
    case 'string':
      return node.text
    case 'field':
      return node.names.map((name) => `.${name}`).join('')
    case 'variable':
      return [node.name, ...node.names].join('.')
    case 'identifier':
      return node.name
    case 'chain':
      return (node.of.kind === 'pipe' ? `(${show(node.of)})` : show(node.of)) + node.names.map((n) => `.${n}`).join('')
  }
}

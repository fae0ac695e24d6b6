import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseAst } from 'vitest/node'

/** A node of the syntax tree (ESTree with TypeScript's nodes). */
export interface SyntaxNode {
  type: string
  [field: string]: any
}

export interface SourceFile {
  /** From the repository's root. */
  path: string
  text: string
  program: SyntaxNode
}

const GENERATED = /\/data\//

/** Every source file of the simulated Kubernetes, without tests. */
export function sources(root: string, which = /\.ts$/): SourceFile[] {
  const folder = join(root, 'src/sim/kubernetes')
  return (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((path) => which.test(path) && !/\.test\.ts$|\.d\.ts$/.test(path) && !GENERATED.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(path, 'utf8')
      return { path: relative(root, path), text, program: parseAst(text, { lang: 'ts' }) as unknown as SyntaxNode }
    })
}

export const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

export function* children(node: SyntaxNode): Iterable<SyntaxNode> {
  for (const [key, value] of Object.entries(node)) {
    if (key === 'typeAnnotation' || key === 'returnType' || key === 'typeArguments') continue
    if (Array.isArray(value)) for (const each of value) if (isNode(each)) yield each
    if (isNode(value)) yield value
  }
}

/** The name of a property where it is written out. */
export function propertyName(node: SyntaxNode): string | undefined {
  const key: SyntaxNode = node.type === 'MemberExpression' ? node.property : node.key
  if (!node.computed && key.type === 'Identifier') return key.name
  if (key.type === 'Literal' && typeof key.value === 'string') return key.value
  return undefined
}

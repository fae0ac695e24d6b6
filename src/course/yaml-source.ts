import { isMap, isPair, LineCounter, parseDocument } from 'yaml'
import type { Problem } from './problem.ts'

/** A YAML file that remembers where everything stands. */
export interface YamlSource {
  readonly file: string
  readonly value: unknown
  /** Syntax errors and doubled keys. */
  readonly problems: readonly Problem[]
  /** Line (from 1) of the value at a path, or of its key; of the nearest parent when there is none. */
  line(path: readonly (string | number)[]): number
}

/** `firstLine` is where the text starts in its file (front matter, fences). */
export function parseYaml(file: string, text: string, firstLine = 1): YamlSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1
  const problems = document.errors.map((error) => ({
    file,
    line: lineAt(error.pos[0]),
    message: `YAML: ${error.message.split('\n')[0]}`,
  }))
  return {
    file,
    value: problems.length > 0 ? undefined : document.toJS(),
    problems,
    line(path) {
      for (let length = path.length; length > 0; length--) {
        const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
        const key = path[length - 1]
        if (isMap(parent)) {
          const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(key))
          const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range
          if (range) return lineAt(range[0])
        }
        const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined
        if (node?.range) return lineAt(node.range[0])
      }
      return firstLine
    },
  }
}

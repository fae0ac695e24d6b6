import { type PyClass, PyException, type TraceEntry, type Value } from '../objects/value.ts'
import type { Expr } from '../syntax/ast.ts'
import type { Span } from '../syntax/syntax-error.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { str } from '../vm/text.ts'
import { suggestion } from './suggestion.ts'

/** The text that an uncaught exception leaves on standard error. */
export function formatException(vm: Interpreter, exception: PyException, seen = new Set<PyException>()): string {
  seen.add(exception)
  let text = ''
  const { cause, context } = exception
  if (!vm.host.python2) {
    if (cause instanceof PyException && !seen.has(cause))
      text += `${formatException(vm, cause, seen)}\nThe above exception was the direct cause of the following exception:\n\n`
    else if (context && !exception.suppressContext && !seen.has(context))
      text += `${formatException(vm, context, seen)}\nDuring handling of the above exception, another exception occurred:\n\n`
  }
  const entries = formatEntries(vm, exception.trace)
  if (entries !== '') text += `Traceback (most recent call last):\n${entries}`
  return text + formatOnly(vm, exception)
}

export function formatEntries(vm: Interpreter, trace: readonly TraceEntry[]): string {
  const lines: string[] = []
  const shown = [...trace].reverse().filter(({ code }) => !code.source.hidden)
  let last = ''
  let repeats = 0
  const flush = () => {
    if (repeats > 3) lines.push(`  [Previous line repeated ${repeats - 3} more time${repeats === 4 ? '' : 's'}]\n`)
  }
  for (const entry of shown) {
    const text = formatEntry(vm, entry)
    const key = `${entry.code.source.name} ${entry.span.line} ${entry.code.name}`
    if (key === last) {
      repeats++
      if (repeats > 3) continue
    } else {
      flush()
      last = key
      repeats = 1
    }
    lines.push(text)
  }
  flush()
  return lines.join('')
}

function formatEntry(vm: Interpreter, { code, span }: TraceEntry): string {
  const source = code.source.lines[span.line - 1]
  const head = `  File "${code.source.name}", line ${span.line}, in ${code.name}\n`
  if (source === undefined || code.source.name.startsWith('<')) return head
  const line = source.trim()
  if (line === '') return head
  return `${head}    ${line}\n${vm.host.python2 ? '' : carets(source, span)}`
}

/** The marks below a line: under what failed, where that is not the whole line. */
function carets(source: string, span: Span): string {
  const indent = source.length - source.trimStart().length
  const line = source.trimEnd()
  const end = span.endLine === span.line ? span.endCol : line.length
  const from = span.col
  if (end <= from || from < indent) return ''
  const marks = anchors(span, line, from, end)
  if (!marks && from === indent && end >= line.length) return ''
  return `    ${' '.repeat(from - indent)}${marks ?? '^'.repeat(end - from)}\n`
}

function anchors(span: Span, line: string, from: number, end: number): string | undefined {
  if (span.endLine !== span.line) return undefined
  const node = span as Expr
  if (node.kind === 'BinOp') {
    const between = line.slice(node.left.endCol, node.right.col)
    const at = between.indexOf(node.op)
    if (node.left.endLine !== node.line || at < 0) return undefined
    const start = node.left.endCol + at
    return '~'.repeat(start - from) + '^'.repeat(node.op.length) + '~'.repeat(end - start - node.op.length)
  }
  if (node.kind === 'Subscript') {
    const start = node.value.endCol + Math.max(0, line.slice(node.value.endCol).indexOf('['))
    return '~'.repeat(start - from) + '^'.repeat(end - start)
  }
  return undefined
}

/** `ValueError: …` */
export function formatOnly(vm: Interpreter, exception: PyException): string {
  const name = qualifiedName(exception.cls)
  if (exception.cls.isSubclass(vm.builtins.get('SyntaxError') as PyClass)) {
    const shown = syntaxError(vm, exception)
    if (shown !== undefined) return shown
  }
  let text: string
  try {
    text = str(vm, exception)
  } catch {
    text = '<exception str() failed>'
  }
  const hint = vm.host.python2 ? '' : suggestion(vm, exception)
  const notes = exception.attrs.get('__notes__')
  const added =
    notes && typeof notes === 'object' && 'items' in notes
      ? (notes.items as Value[]).map((note) => `${str(vm, note)}\n`).join('')
      : ''
  return `${name}${text === '' ? '' : `: ${text}`}${hint}\n${added}`
}

function qualifiedName(cls: PyClass): string {
  const module = cls.dict.get('__module__') ?? cls.module
  return module === 'builtins' || module === '__main__' || module === 'exceptions'
    ? (module === '__main__' ? `__main__.${cls.qualname}` : cls.qualname).replace(/^__main__\./, '')
    : `${String(module)}.${cls.qualname}`
}

function syntaxError(vm: Interpreter, exception: PyException): string | undefined {
  const { attrs } = exception
  const line = attrs.get('lineno')
  if (typeof line !== 'number') return undefined
  const source = String(attrs.get('text') ?? '').trimEnd()
  const indent = source.length - source.trimStart().length
  const from = Number(attrs.get('offset')) - 1 - indent
  const to = Number(attrs.get('end_offset')) - 1 - indent
  let text = `  File "${String(attrs.get('filename'))}", line ${line}\n`
  if (source.trim() !== '') {
    text += `    ${source.trim()}\n`
    if (from >= 0)
      text += `    ${' '.repeat(from)}${'^'.repeat(Math.max(1, vm.host.python2 ? 1 : Math.min(to, source.length - indent + 1) - from))}\n`
  }
  return `${text}${exception.cls.name}: ${str(vm, exception.args[0] ?? null)}\n`
}

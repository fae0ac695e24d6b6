import { type Frame, MODULE_FUNCTION, type Sources } from './sources.ts'

/** Frames below a script's own, as Node's loaders leave them. */
function below(major: number): Record<'cjs' | 'eval' | 'stdin' | 'required' | 'esm', string[]> {
  const cjs =
    major >= 22
      ? [
          'Module._compile (node:internal/modules/cjs/loader:1554:14)',
          'Object..js (node:internal/modules/cjs/loader:1706:10)',
          'Module.load (node:internal/modules/cjs/loader:1289:32)',
          'Function._load (node:internal/modules/cjs/loader:1108:12)',
          'TracingChannel.traceSync (node:diagnostics_channel:322:14)',
          'wrapModuleLoad (node:internal/modules/cjs/loader:220:24)',
        ]
      : [
          'Module._compile (node:internal/modules/cjs/loader:1521:14)',
          'Module._extensions..js (node:internal/modules/cjs/loader:1623:10)',
          'Module.load (node:internal/modules/cjs/loader:1266:32)',
          'Module._load (node:internal/modules/cjs/loader:1091:12)',
        ]
  const text = ['runScriptInThisContext (node:internal/vm:209:10)', 'node:internal/process/execution:118:14']
  return {
    cjs: [
      ...cjs,
      major >= 22
        ? 'Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:170:5)'
        : 'Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)',
      major >= 22 ? 'node:internal/main/run_main_module:36:49' : 'node:internal/main/run_main_module:28:49',
    ],
    required: [
      ...cjs,
      'Module.require (node:internal/modules/cjs/loader:1289:19)',
      'require (node:internal/modules/helpers:182:18)',
    ],
    eval: [
      ...text,
      '[eval]-wrapper:6:24',
      'runScript (node:internal/process/execution:101:62)',
      'evalScript (node:internal/process/execution:133:3)',
      'node:internal/main/eval_string:51:3',
    ],
    stdin: [
      ...text,
      '[stdin]-wrapper:6:24',
      'runScript (node:internal/process/execution:101:62)',
      'evalScript (node:internal/process/execution:133:3)',
      'node:internal/main/eval_stdin:32:5',
      'Socket.<anonymous> (node:internal/process/execution:234:5)',
      'Socket.emit (node:events:536:35)',
      'endReadableNT (node:internal/streams/readable:1698:12)',
    ],
    esm: [],
  }
}

const isModuleFile = (frame: Frame) => frame.file.startsWith('file://') || frame.file.endsWith('.mjs')

/**
 * A stack as V8 writes it, ten frames at most. `above` names the constructor or function whose frames, and those above
 * it, are left out.
 */
export function stackText(sources: Sources, raw: string, major: number, above?: string): string {
  const frames = sources.frames(raw)
  const hidden = above ? frames.findIndex(({ name }) => name === above) : -1
  const lines: string[] = []
  for (const frame of frames.slice(hidden < 0 ? 0 : hidden + 1)) {
    const { file, line, column, name } = frame
    const place = `${isModuleFile(frame) && !file.startsWith('file://') ? 'file://' : ''}${file}:${line}:${column}`
    if (name === MODULE_FUNCTION) {
      lines.push(`Object.<anonymous> (${place})`)
      lines.push(...below(major)[frame === frames.at(-1) ? 'cjs' : 'required'])
    } else if (name === '<eval>' || (name === '<anonymous>' && frame === frames.at(-1) && isModuleFile(frame))) {
      lines.push(place)
      const text = /^\[(eval|stdin)\]$/.exec(file)?.[1] as 'eval' | 'stdin' | undefined
      if (text) lines.push(...below(major)[text])
    } else if (name === '' || name === '<anonymous>') lines.push(place)
    else lines.push(`${name} (${place})`)
  }
  return lines
    .slice(0, 10)
    .map((line) => `    at ${line}`)
    .join('\n')
}

export interface Site {
  file?: string
  line?: number
  /** The source line. */
  source?: string
  /** Spaces and a caret. */
  caret?: string
  /** The expression that was called, of a call that failed. */
  callee?: string
  /** The word behind `of`, `...` or `=`: what was to be gone through. */
  operand?: string
  token?: string
  atEnd?: boolean
}

/** Where an error was made or thrown, for the lines above an error that nobody caught. */
export function siteOf(sources: Sources, raw: string, how: string): Site {
  const [frame] = sources.frames(raw)
  if (!frame) return {}
  const { line } = frame
  const source = sources.line(frame.file, line) ?? ''
  const from = frame.column - 1
  const thrown = how === 'thrown' ? /\bthrow\s+$/.exec(source.slice(0, from)) : null
  const rest = source.slice(from)
  const token = /^\s*([\w$]+|"[^"]*"?|'[^']*'?|=>|[^\s])/.exec(rest)?.[1]
  const chain = /^(?:new\s+)?[\w$#]+(?:\([^()]*\)|\[[^\]]*\])*/.exec(rest)?.[0] ?? ''
  const prefix = /(?:[\w$#]+(?:\([^()]*\)|\[[^\]]*\])?\s*\??\.\s*)+$/.exec(source.slice(0, from))?.[0] ?? ''
  const callee = (prefix + chain.replace(/^new\s+/, '').replace(/\((?:[^()]*)\)$/, '')).replace(/\([^()]*\)/g, '(...)')
  const name = frame.file
  return {
    file: isModuleFile(frame) && !name.startsWith('file://') ? `file://${name}` : name,
    line,
    source,
    caret: `${source.slice(0, thrown ? thrown.index : from).replace(/[^\t]/g, ' ')}^`,
    callee,
    operand: /(?:\bof\s+|\.\.\.|=\s*)([\w$.]+)/.exec(source)?.[1] ?? '',
    token: token ?? '',
    atEnd: token === undefined && (sources.original(frame.file) ?? '').split('\n').length <= line,
  }
}

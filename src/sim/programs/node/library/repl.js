// The conversation: a line, its value, the next line.
const { host } = internal
const { anonymous, expose, hide } = internal.builtin('internal/cjs')
const { inspect } = internal.builtin('internal/inspect')
const { translate } = internal.builtin('internal/errors')
const HELP = `.break    Sometimes you get stuck, this gets you out
.clear    Alias for .break
.editor   Enter editor mode
.exit     Exit the REPL
.help     Print this help message
.load     Load JS from a file into the REPL session
.save     Save all evaluated commands in this REPL session to a file

Press Ctrl+C to abort current expression, Ctrl+D to exit the REPL
`

function start() {
  const { module, require } = anonymous('<repl>')
  expose({ module, exports: module.exports, require })
  const colors = host.isTty(1)
  const write = (text) => host.write(1, text)
  write(`Welcome to Node.js ${process.version}.\nType ".help" for more information.\n> `)
  let held = ''
  const prompt = () => write(held === '' ? '> ' : '... ')
  const show = (value) => {
    hide('_', value)
    write(`${inspect(value, { colors })}\n`)
  }
  const failed = (error) => {
    translate(error)
    hide('_error', error)
    const text = error instanceof Error ? inspect(error).replace(/\n {4}at [^\n]*$/gm, '') : inspect(error)
    write(`Uncaught ${error instanceof Error && !text.includes('\n') ? text.replace(/^\[([\s\S]*)\]$/, '$1') : text}\n`)
  }
  process.on('uncaughtException', (error) => {
    failed(error)
    prompt()
  })
  const readline = internal.builtin('readline').createInterface({ input: process.stdin })
  // A line waits until the one before it has its value.
  const lines = []
  let busy = false
  const next = () => {
    while (!busy && lines.length > 0) {
      const line = lines.shift()
      if (line === undefined) {
        write('\n')
        process.exit()
      }
      take(line)
    }
  }
  const add = (line) => {
    lines.push(line)
    next()
  }
  readline.on('line', add)
  readline.on('close', () => add(undefined))

  function take(line) {
    if (held === '' && /^\s*\.\w+/.test(line)) {
      const command = line.trim().slice(1)
      if (command === 'exit') return process.exit(0)
      if (command === 'help') write(HELP)
      else if (command !== 'break' && command !== 'clear') write('Invalid REPL keyword\n')
      return prompt()
    }
    const text = held + line
    if (text.trim() === '') return prompt()
    evaluate(text)
  }

  function evaluate(text) {
    let source = /^\s*\{.*[^;]\s*$/s.test(text) ? `(${text.trim()})` : text
    // Names of a line are there in the next.
    source = source
      .replace(/^\s*(?:const|let)\s+(?=[\w$]+\s*=)/, 'var ')
      .replace(/^\s*class\s+([\w$]+)/, 'var $1 = class $1')
    const asynchronous = /\bawait\b/.test(source) && !/\basync\b/.test(source)
    if (asynchronous) {
      const assigned = /^var ([\w$]+) = /.exec(source)
      source = assigned
        ? `(async () => { globalThis.${assigned[1]} = ${source.slice(assigned[0].length).replace(/;\s*$/, '')}; return undefined })()`
        : `(async () => (${source.replace(/;\s*$/, '')}))()`
    }
    let value
    try {
      value = host.runScript('REPL1', source)
    } catch (error) {
      if (
        error instanceof SyntaxError &&
        /^(?:unexpected token in expression: ''|expecting '[^']*'|unexpected end of (?:string|template|comment).*|unterminated .*)$/i.test(
          error.message,
        ) &&
        open(text)
      ) {
        held = `${text}\n`
        return prompt()
      }
      held = ''
      if (error instanceof SyntaxError) {
        translate(error)
        write(`Uncaught SyntaxError: ${error.message}\n`)
      } else failed(error)
      return prompt()
    }
    held = ''
    if (!asynchronous) {
      show(/^\s*(?:var|function)\b/.test(source) && !/^\s*function\s*\(/.test(source) ? undefined : value)
      return prompt()
    }
    busy = true
    value
      .then(show, (error) => {
        internal.builtin('internal/promises').handled(error)
        failed(error)
      })
      .then(() => {
        busy = false
        prompt()
        next()
      })
  }
}

/** A bracket or a template is still open. */
function open(text) {
  let depth = 0
  for (const c of text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/.*$/gm, '')) {
    if ('([{'.includes(c)) depth++
    if (')]}'.includes(c)) depth--
  }
  return depth > 0 || (text.match(/`/g) ?? []).length % 2 === 1
}

module.exports = { start }

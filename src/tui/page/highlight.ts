import type { HLJSApi } from 'highlight.js'
import type { Line, Span } from '../../course/text/span.ts'

let library: HLJSApi | undefined
let loading: Promise<void> | undefined

/** Loads the highlighter; until it is there, code is shown plain. Calls back once. */
export function loadHighlighter(done: () => void): void {
  if (library || loading) return
  loading = (async () => {
    const [core, yaml, bash, json, nginx, dockerfile] = await Promise.all([
      import('highlight.js/lib/core'),
      import('highlight.js/lib/languages/yaml'),
      import('highlight.js/lib/languages/bash'),
      import('highlight.js/lib/languages/json'),
      import('highlight.js/lib/languages/nginx'),
      import('highlight.js/lib/languages/dockerfile'),
    ])
    const hljs = core.default
    hljs.registerLanguage('yaml', yaml.default)
    hljs.registerLanguage('bash', bash.default)
    hljs.registerLanguage('sh', bash.default)
    hljs.registerLanguage('json', json.default)
    hljs.registerLanguage('nginx', nginx.default)
    hljs.registerLanguage('dockerfile', dockerfile.default)
    library = hljs
    done()
  })()
}

/** Code as styled lines. Sparingly coloured: keys and comments only. */
export function highlight(code: string, language: string): Line[] {
  if (!library?.getLanguage(language)) return code.split('\n').map((text) => [{ text }])
  const html = library.highlight(code, { language, ignoreIllegals: true }).value
  const lines: Span[][] = [[]]
  const stack: (string | undefined)[] = []
  for (const [, open, close, text] of html.matchAll(/<span class="([^"]*)">|(<\/span>)|([^<]+)/g)) {
    if (open !== undefined) stack.push(styles[open.split(/[ -]/)[1] ?? ''] ?? stack.at(-1))
    else if (close) stack.pop()
    else if (text) {
      const sgr = stack.at(-1)
      for (const [i, part] of decodeHtml(text).split('\n').entries()) {
        if (i > 0) lines.push([])
        if (part) lines.at(-1)!.push(sgr ? { text: part, sgr } : { text: part })
      }
    }
  }
  return lines
}

const styles: Record<string, string> = { attr: '36', comment: '2', keyword: '36', section: '36', attribute: '36' }

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#x27;': "'" }

function decodeHtml(html: string): string {
  return html.replace(/&(?:lt|gt|amp|quot|#x27);/g, (entity) => entities[entity]!)
}

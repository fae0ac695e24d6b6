import type { Block, FigureBlock, LiveBlock, Page, Question } from '../../course/lesson/page.ts'
import { cutLine, type Line, lineWidth, type Span, wrapSpans } from '../../course/text/span.ts'
import type { ApiClient } from '../../sim/kubernetes/api/client.ts'
import { theme } from '../theme.ts'
import type { UiWords } from '../words.ts'
import { highlight } from './highlight.ts'
import { liveFigures } from './live/index.ts'
import { markdownLines } from './markdown.ts'
import { termMarker } from './terms.ts'

/** Something on a page that a key can do. */
export type PageAction =
  | { type: 'run'; script: string; id: string }
  | { type: 'file'; name: string; content: string; id: string }
  | { type: 'choice'; question: Question; kind: 'quiz' | 'predict'; index: number; id: string }

/** A page as lines, and where its actions are. */
export interface PageLayout {
  lines: readonly Line[]
  actions: readonly { action: PageAction; from: number; to: number }[]
}

export interface PageState {
  /** Chosen so far: question id to choice. */
  answers: ReadonlyMap<string, number>
  /** Actions done: ids. */
  done: ReadonlySet<string>
  selected: string | undefined
  /** Of the glossary: underlined where they stand first. */
  terms: readonly string[]
  /** The learner's cluster, for figures drawn from it. */
  client: ApiClient | undefined
  /** Which frame moving figures show; undefined: they stand still. */
  frame: number | undefined
}

/** Question and run ids are `page#n`, with n the block's place: they stay when the language changes. */
export function layoutPage(page: Page, width: number, state: PageState, words: UiWords): PageLayout {
  const lines: Line[] = [...wrapSpans([{ text: page.title, sgr: theme.title }], width), []]
  const actions: { action: PageAction; from: number; to: number }[] = []
  const add = (action: PageAction, made: Line[]) => {
    actions.push({ action, from: lines.length, to: lines.length + made.length - 1 })
    lines.push(...made)
  }
  const mark = termMarker(state.terms)
  for (const [n, block] of page.blocks.entries()) {
    const id = `${page.id}#${n}`
    if (block.type === 'quiz' || block.type === 'predict') addQuestion(block, id, width, state, words, lines, add)
    else if (block.type === 'run') {
      add(
        { type: 'run', script: block.script, id },
        actionLines(words.run, highlight(block.script, 'bash'), width, state, id),
      )
      if (block.output !== undefined)
        lines.push(...block.output.split('\n').map((text): Line => [{ text: `    ${text}`, sgr: theme.dim }]))
    } else if (block.type === 'file') {
      const label = `${state.done.has(id) ? words.written : words.write}: ${block.name}`
      add(
        { type: 'file', name: block.name, content: block.content, id },
        actionLines(label, highlight(block.content.trimEnd(), block.language), width, state, id),
      )
    } else if (block.type === 'figure') lines.push(...figureLines(block, state.frame))
    else if (block.type === 'live') lines.push(...liveLines(block, state.client, words))
    else if (block.type === 'prose') lines.push(...mark(markdownLines(block.markdown, width)))
    else if (block.type === 'code')
      lines.push(...highlight(block.text, block.language).map((line): Line => [{ text: '    ' }, ...line]))
    lines.push([])
  }
  lines.push(...wrapSpans([{ text: `${words.summary}  `, sgr: theme.strong }, { text: page.summary }], width))
  return { lines: lines.map((line) => markCut(line, width)), actions }
}

/** A moving figure holds its last frame for two beats more before it begins again. */
function figureLines({ frames }: FigureBlock, frame: number | undefined): Line[] {
  const last = frames.length - 1
  const shown = frames[frame === undefined ? last : Math.min(last, frame % (frames.length + 2))] ?? ''
  return shown.split('\n').map((text) => [{ text }])
}

function liveLines({ figure, name }: LiveBlock, client: ApiClient | undefined, words: UiWords): Line[] {
  const { height, lines } = liveFigures[figure]
  const drawn = client ? lines(client, name, words) : [[{ text: words.noCluster, sgr: theme.dim }]]
  return Array.from({ length: height }, (_, i): Line => drawn[i] ?? [])
}

/** `▸ Run it                    ⏎ r` and the code below. */
function actionLines(label: string, code: readonly Line[], width: number, state: PageState, id: string): Line[] {
  const selected = state.selected === id
  const mark = state.done.has(id) ? '✓ ' : selected ? '▸ ' : '  '
  const head: Span[] = [{ text: mark + label, sgr: selected ? theme.accent : theme.dim }]
  if (selected) {
    const space = width - lineWidth(head) - 1
    if (space > 1) head.push({ text: ' '.repeat(space) }, { text: '⏎', sgr: theme.accent })
  }
  return [head, ...code.flatMap((line) => codeLines(line, width))]
}

/** A line of code; one that is too long goes on below, further in. */
function codeLines(line: Line, width: number): Line[] {
  if (lineWidth(line) <= width - 4) return [[{ text: '    ' }, ...line]]
  return wrapSpans(line, width - 6).map((part, n): Line => [{ text: n === 0 ? '    ' : '      ' }, ...part])
}

/** What stands in columns is not wrapped: its end is marked where it is cut. */
function markCut(line: Line, width: number): Line {
  return lineWidth(line) <= width ? line : [...cutLine(line, width - 1), { text: '…', sgr: theme.dim }]
}

function addQuestion(
  block: Extract<Block, { type: 'quiz' | 'predict' }>,
  id: string,
  width: number,
  state: PageState,
  words: UiWords,
  lines: Line[],
  add: (action: PageAction, lines: Line[]) => void,
): void {
  const { question, type: kind } = block
  lines.push([{ text: words[kind], sgr: theme.accent }])
  lines.push(...wrapSpans([{ text: question.ask }], width))
  const chosen = state.answers.get(id)
  for (const [index, choice] of question.choices.entries()) {
    const choiceId = `${id}.${index}`
    const selected = state.selected === choiceId
    const known = chosen !== undefined && (index === chosen || choice.right)
    const sgr = known ? (choice.right ? theme.good : theme.bad) : selected ? theme.accent : undefined
    const mark = known ? (choice.right ? '✓' : '✗') : selected ? '▸' : ' '
    const made = wrapSpans([{ text: choice.text, ...(sgr ? { sgr } : {}) }], width - 6).map(
      (line, n): Line => [{ text: n === 0 ? ` ${mark} ${index + 1}  ` : '      ', ...(sgr ? { sgr } : {}) }, ...line],
    )
    if (chosen === index || (chosen !== undefined && choice.right)) {
      made.push(
        ...wrapSpans([{ text: choice.why, sgr: theme.dim }], width - 6).map(
          (line): Line => [{ text: '      ' }, ...line],
        ),
      )
    }
    add({ type: 'choice', question, kind, index, id: choiceId }, made)
  }
  if (question.run && (chosen !== undefined || state.done.has(`${id}.run`))) {
    lines.push([])
    const runId = `${id}.run`
    add(
      { type: 'run', script: question.run, id: runId },
      actionLines(words.run, highlight(question.run, 'bash'), width, state, runId),
    )
  }
}

import { isMap, isScalar, parseAllDocuments, visit } from 'yaml'
import { commandsOf } from '../session/commands-of.ts'

/** A solution with one thing wrong, made by machine. */
export interface Mutant {
  /** `drop: kubectl apply -f x.yml`, `spec.replicas: 3 → 4`; the key of a lab's `survivors`. */
  change: string
  script: string
}

/** Every command left out, every flag left out or changed, every word changed, every value of a manifest changed. */
export function mutantsOf(script: string): Mutant[] {
  const commands = commandsOf(script)
  const mutants: Mutant[] = []
  for (const [i, command] of commands.entries()) {
    const withCommand = (text: string | undefined) =>
      commands.flatMap((other, n) => (n === i ? (text === undefined ? [] : [text]) : [other])).join('\n')
    const head = command.split('\n')[0]!
    if (commands.length > 1) mutants.push({ change: `drop: ${head}`, script: withCommand(undefined) })
    for (const { change, text } of [...changedWords(command), ...changedManifest(command)]) {
      mutants.push({ change, script: withCommand(text) })
    }
  }
  return mutants
}

interface Change {
  change: string
  text: string
}

/** Flags and words of a kubectl command's first line. The verb and the kinds stay: without them nothing would happen. */
function changedWords(command: string): Change[] {
  const [head = '', ...rest] = command.split('\n')
  if (!/^kubectl /.test(head) || /[|;&<>]/.test(head)) return []
  const words = head.split(' ')
  const changes: Change[] = []
  const add = (change: string, changed: (string | undefined)[]) => {
    const line = changed.filter((word) => word !== undefined).join(' ')
    changes.push({ change, text: [line, ...rest].join('\n') })
  }
  const own = words.indexOf('--')
  for (const [i, word] of words.entries()) {
    if (i < 2 || (own >= 0 && i >= own)) continue
    const flag = /^(--[\w-]+)=(.+)$/.exec(word)
    if (flag) {
      add(`${head}: without ${word}`, words.with(i, undefined as never))
      for (const value of wrongValues(flag[2]!))
        add(`${head}: ${word} → ${value}`, words.with(i, `${flag[1]}=${value}`))
    } else if (i > 2 && !word.startsWith('-') && /^[\w./:=-]+$/.test(word) && words[i - 1] !== '-f') {
      for (const value of wrongValues(word)) add(`${head}: ${word} → ${value}`, words.with(i, value))
    }
  }
  return changes
}

/** One change for each part of `a=b,c=d`; a number one more; anything else with a letter more. */
function wrongValues(value: string): string[] {
  if (value.includes(',')) {
    const parts = value.split(',')
    return parts.flatMap((part, i) => [
      parts.toSpliced(i, 1).join(','),
      ...wrongValues(part).map((wrong) => parts.with(i, wrong).join(',')),
    ])
  }
  if (/^\d+$/.test(value)) return [String(Number(value) + 1)]
  return [`${value}x`]
}

/** Values inside a here-document that is a manifest. */
function changedManifest(command: string): Change[] {
  const lines = command.split('\n')
  if (lines.length < 3 || !/<<-?\s*['"]?\w+/.test(lines[0]!)) return []
  const body = lines.slice(1, -1).join('\n')
  const paths = scalarPaths(body)
  return paths.map(({ path, from, to, text }) => ({
    change: `${path}: ${from} → ${to}`,
    text: [lines[0], text.trimEnd(), lines.at(-1)].join('\n'),
  }))
}

function scalarPaths(yaml: string): { path: string; from: string; to: string; text: string }[] {
  const original = parseAllDocuments(yaml) as any[]
  // Some here-documents are scripts, which may look like YAML at first.
  if (original.some((document) => document.errors.length > 0)) return []
  const count = scalars(original).length
  return Array.from({ length: count }, (_, n) => {
    const documents = parseAllDocuments(yaml) as any[]
    const { node, path } = scalars(documents)[n]!
    const from = String(node.value)
    node.value =
      typeof node.value === 'number' ? node.value + 1 : typeof node.value === 'boolean' ? !node.value : `${node.value}x`
    return { path, from, to: String(node.value), text: documents.map((document) => document.toString()).join('---\n') }
  }).filter(({ path }) => !/(^|\.)(apiVersion|kind)$/.test(path))
}

function scalars(documents: readonly any[]): { node: { value: any }; path: string }[] {
  const found: { node: { value: any }; path: string }[] = []
  for (const document of documents) {
    visit(document, {
      Pair(_, pair, ancestors) {
        if (!isScalar(pair.value)) return
        found.push({ node: pair.value as { value: any }, path: pathOf([...ancestors, pair]) })
      },
      Seq(_, seq, ancestors) {
        for (const [i, item] of seq.items.entries()) {
          if (isScalar(item)) found.push({ node: item as { value: any }, path: `${pathOf(ancestors)}[${i}]` })
        }
      },
    })
  }
  return found
}

function pathOf(ancestors: readonly any[]): string {
  let path = ''
  for (const [i, node] of ancestors.entries()) {
    const parent = ancestors[i - 1]
    if (parent?.items && !isMap(parent)) path += `[${parent.items.indexOf(node)}]`
    if (node?.key !== undefined) path += `${path ? '.' : ''}${String(node.key.value ?? node.key)}`
  }
  return path
}

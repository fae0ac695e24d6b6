import { typeInfo } from '../../src/sim/kubernetes/api/schema.ts'
import { fieldsOf, innermost, servedKinds } from './api-types.ts'
import { type Declaration, declarations } from './declarations.ts'
import { sources } from './syntax.ts'
import { METADATA, type Verdict, type Verdicts, verdicts } from './verdicts.ts'

const INTRODUCTION = `# What is simulated

Made by \`npm run fidelity\` from the simulator's source; a test fails when the two disagree.

Every kind of the API is served with all its fields: they are defaulted, validated, stored, patched and printed. This
page tells what comes of them:

- **simulated**: something in the cluster reads the field and acts on it, or it is the cluster that fills it in;
- **stored only**: kept and given back, and nothing comes of it;
- **refused**: using it is answered with an error, in an event where a real cluster would act: \`not simulated: …\`, or
  the words of a cluster that lacks the part.

A field that is not simulated has its own fields left out. Types that several kinds share are told of once, under the
first. Custom resources are simulated as a whole: schema, pruning, defaults, rules, columns, status and scale.
`

interface Row {
  path: string
  fields: Record<Verdict, string[]>
}

export interface Fidelity {
  /** docs/fidelity.md */
  text: string
  /** What is wrong with the declarations. */
  problems: string[]
}

/** Reads the source under a repository's root and says what is simulated. */
export function fidelity(root: string): Fidelity {
  const declared = declarations(root)
  const found = verdicts(sources(root), declared)
  const byKind = new Map(declared.map((each) => [each.kind, each]))
  const problems = [...found.idle]
  const summary: string[] = []
  const sections: string[] = []
  const served = servedKinds().sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
  for (const { type, kind, apiVersion } of served) {
    const declaration = byKind.get(type)
    if (!declaration) {
      problems.push(`${type} has no fidelity.yaml`)
      continue
    }
    const title = `${kind} (${apiVersion})`
    const link = `[${title}](#${title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-')})`
    const rows = declaration.sameAs ? [] : rowsOf(type, found)
    for (const [i, line] of overview(declaration, rows).entries())
      if (i === 0) summary.push(`| ${link} | ${line} |`)
      else sections.push(`\n## ${title}\n\n${line}\n`)
    if (declaration.actors.length > 0) sections.push(table(rows))
    if (declaration.actors.length > 0 && !rows.some(({ fields }) => fields.simulated.length > 0))
      problems.push(`${type}: its actors do nothing with it`)
  }
  for (const { kind } of declared) if (!served.some(({ type }) => type === kind)) problems.push(`${kind} is not served`)
  const common = `\n## Metadata of every object\n\n${table(rowsOf(METADATA, found))}`
  const head = `\n| Kind | Simulated | Stored only | Refused |\n|---|---|---|---|\n${summary.join('\n')}\n`
  return { text: `${INTRODUCTION}${head}${common}${sections.join('')}`, problems }
}

/** A cell text for the summary, and the sentence under the kind's title. */
function overview({ actors, sameAs }: Declaration, rows: readonly Row[]): [string, string] {
  if (sameAs) {
    const [group, version, kind] = sameAs.split('.') as [string, string, string]
    const words = `the same objects as ${kind} of ${group === 'core' ? version : `${group}/${version}`}`
    return [`${words} | | `, `Another form of ${words}.`]
  }
  const count = (verdict: Verdict) => rows.reduce((sum, { fields }) => sum + fields[verdict].length, 0)
  if (actors.length === 0)
    return ['| all | ', 'Served, validated, stored and printed; nothing in the cluster acts on it.']
  return [
    `${count('simulated')} fields | ${count('stored') || ''} | ${count('refused') || ''}`,
    `Acted on by ${actors.map((actor) => `\`${actor}\``).join(', ')}.`,
  ]
}

/** A row for each type under a kind that is told of here, by the path where it first comes. */
function rowsOf(kind: string, { of, home }: Verdicts): Row[] {
  const rows: Row[] = []
  const done = new Set<string>()
  const waiting: { type: string; path: string }[] = [{ type: kind, path: '' }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { type, path } = next
    if (done.has(type)) continue
    done.add(type)
    const row: Row = { path, fields: { simulated: [], stored: [], refused: [] } }
    for (const { name, type: code } of fieldsOf(type)) {
      const verdict = of(type, name)
      row.fields[verdict].push(name)
      const inner = innermost(code)
      if (verdict !== 'simulated' || !typeInfo(inner) || home(inner) !== kind) continue
      const suffix = code.startsWith('[') ? '[]' : code.startsWith('{') ? '.*' : ''
      waiting.push({ type: inner, path: `${path ? `${path}.` : ''}${name}${suffix}` })
    }
    rows.push(row)
  }
  return rows
}

function table(rows: readonly Row[]): string {
  const cell = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(' ')
  const lines = rows.map(
    ({ path, fields }) =>
      `| ${path ? `\`${path}\`` : ''} | ${cell(fields.simulated)} | ${cell(fields.stored)} | ${cell(fields.refused)} |`,
  )
  return `\n| Under | Simulated | Stored only | Refused |\n|---|---|---|---|\n${lines.join('\n')}\n`
}

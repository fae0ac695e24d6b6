// Checks the direction of imports, the absence of cycles, and that the simulated world uses only virtual time and
// seeded chance. Run by `npm run check`.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Each layer may import from itself and from those before it. The last three stand side by side. */
const LAYERS = [
  'src/sim/time',
  'src/sim/rest',
  'src/sim/linux',
  'src/sim/containers',
  'src/sim/programs',
  'src/sim/kubernetes',
  'src/sim/world',
  'src/commands',
  'src/course',
]
const DOORS = ['src/serve', 'src/tui', 'src/cli']
const PURE = ['src/sim/', 'src/commands/']
/** Doors that may use other doors: the command line opens them all. */
const DOOR_IMPORTS = { 'src/cli': ['src/serve', 'src/tui'], 'src/tui': [], 'src/serve': [] }

const FORBIDDEN = [
  [/\bnew Date\b|\bDate\.(?:now|parse|UTC)\b/, 'Date: use the virtual clock'],
  [/\bMath\.random\b/, 'Math.random: use the seeded Random'],
  [/\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/, 'timers: use Clock.after'],
  [/\bperformance\.now\b/, 'performance.now: use the virtual clock'],
  [/\bconsole\.\w+\(/, 'console: nothing inside the simulator prints'],
  [/from 'node:|import\('node:|require\(/, 'node:* is not visible here'],
  [/from 'react'|from 'ink'/, 'no UI in the simulator'],
]

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..')
const problems = []

function* sources(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* sources(path)
    else if (/\.tsx?$/.test(name) && !name.endsWith('.d.ts')) yield path
  }
}

const layerOf = (file) => [...LAYERS, ...DOORS].find((layer) => file.startsWith(`${layer}/`))

function allowed(from, to) {
  if (from === to) return true
  if (LAYERS.includes(to)) return DOORS.includes(from) || LAYERS.indexOf(to) < LAYERS.indexOf(from)
  return DOOR_IMPORTS[from]?.includes(to) ?? false
}

const stripComments = (text) =>
  text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' ')).replace(/(^|[\s;{(])\/\/[^\n]*/g, '$1')

const graph = new Map()
for (const path of sources(join(root, 'src'))) {
  const file = relative(root, path)
  const isTest = /\.test\.tsx?$|\/test(?:ing|-support)\//.test(file)
  const text = stripComments(readFileSync(path, 'utf8'))
  const imports = []
  for (const match of text.matchAll(/^\s*(import|export)\s+(type\s+)?(?:[^'"`;()]*?\sfrom\s+)?'([^']+)'/gm)) {
    const specifier = match[3]
    if (!specifier.startsWith('.')) continue
    const target = relative(root, resolve(dirname(path), specifier))
    if (isTest) continue
    const [from, to] = [layerOf(file), layerOf(target)]
    if (from && to && !allowed(from, to)) problems.push(`${file}: ${from} may not import ${to} (${specifier})`)
    if (from && !to && target.startsWith('src/')) problems.push(`${file}: ${specifier} is in no layer`)
    if (!match[2]) imports.push(target)
  }
  if (!isTest) graph.set(file, imports)
  if (PURE.some((layer) => file.startsWith(layer)) && !isTest) {
    text.split('\n').forEach((line, index) => {
      for (const [pattern, why] of FORBIDDEN) if (pattern.test(line)) problems.push(`${file}:${index + 1}: ${why}`)
    })
  }
}

// Cycles among runtime imports (Tarjan's strongly connected components).
let counter = 0
const state = new Map()
const stack = []
function visit(file) {
  const entry = { index: counter, low: counter, onStack: true }
  counter++
  state.set(file, entry)
  stack.push(file)
  for (const next of graph.get(file) ?? []) {
    if (!graph.has(next)) continue
    const seen = state.get(next)
    if (!seen) entry.low = Math.min(entry.low, visit(next).low)
    else if (seen.onStack) entry.low = Math.min(entry.low, seen.index)
  }
  if (entry.low === entry.index) {
    const component = []
    let member
    do {
      member = stack.pop()
      state.get(member).onStack = false
      component.push(member)
    } while (member !== file)
    if (component.length > 1 || graph.get(file)?.includes(file))
      problems.push(`import cycle: ${component.sort().join(' → ')}`)
  }
  return entry
}
for (const file of graph.keys()) if (!state.has(file)) visit(file)

for (const problem of problems) console.error(problem)
console.log(`layers: ${graph.size} files, ${problems.length === 0 ? 'no problem' : `${problems.length} problems`}`)
process.exitCode = problems.length === 0 ? 0 : 1

import { classOf, Obj, PyClass, type PyException, PyModule, type Value } from '../objects/value.ts'
import type { Interpreter } from '../vm/interpreter.ts'

/** `. Did you mean: 'print'?`, as the interpreter adds it to names that are nearly right. */
export function suggestion(vm: Interpreter, exception: PyException): string {
  const name = exception.attrs.get('name')
  if (typeof name !== 'string') return ''
  if (exception.cls.name === 'NameError') {
    const frame = exception.trace[0]?.frame
    if (!frame) return ''
    const known = [
      ...frame.code.locals.filter((_, i) => frame.locals[i] !== undefined),
      ...(frame.names?.keys() ?? []),
      ...frame.globals.keys(),
      ...vm.builtins.keys(),
    ]
    const near = nearest(
      name,
      known.filter((each) => !each.startsWith('__') || each === '__name__'),
    )
    if (near !== undefined) return `. Did you mean: '${near}'?`
    return vm.host.libraryModules().includes(name) ? `. Did you forget to import '${name}'?` : ''
  }
  if (exception.cls.name !== 'AttributeError') return ''
  const object = exception.attrs.get('obj')
  if (object === undefined) return ''
  const near = nearest(name, attributesOf(object))
  return near === undefined ? '' : `. Did you mean: '${near}'?`
}

function attributesOf(object: Value): string[] {
  const names: string[] = []
  if (object instanceof Obj) names.push(...(object.attrs?.keys() ?? []))
  if (!(object instanceof PyModule))
    for (const cls of object instanceof PyClass ? object.mro : classOf(object).mro) names.push(...cls.dict.keys())
  return names.sort()
}

const MOVE = 2
const CASE = 1

/** CPython's rule: the nearest by edit distance, if it is near enough. */
function nearest(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (const name of names) {
    if (name === wrong) continue
    const most = Math.floor(((wrong.length + name.length + 3) * MOVE) / 6)
    const distance = editDistance(wrong, name)
    if (distance > Math.min(most, bestDistance - 1)) continue
    best = name
    bestDistance = distance
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i * MOVE)
  for (let i = 1; i <= a.length; i++) {
    const next = [i * MOVE]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const cost = same ? 0 : a[i - 1]!.toLowerCase() === b[j - 1]!.toLowerCase() ? CASE : MOVE
      next.push(Math.min(row[j - 1]! + cost, row[j]! + MOVE, next[j - 1]! + MOVE))
    }
    row = next
  }
  return row[b.length]!
}

export type Value = string | Map<number, string> | Map<string, string>

export interface Variable {
  /** Undefined: declared but unset. */
  value: string | undefined
  /** Indexed array elements, by index. */
  indexed?: Map<number, string>
  /** Associative array elements. */
  associative?: Map<string, string>
  exported?: boolean
  readonly?: boolean
  integer?: boolean
  lower?: boolean
  upper?: boolean
  /** `declare -n`: the name it stands for. */
  reference?: boolean
  /** Computed on reading (RANDOM, SECONDS, …). */
  dynamic?: { read(): string; write?(text: string): void }
}

/** Shell variables: one global scope and one per running function. */
export class Variables {
  readonly #scopes: Map<string, Variable>[] = [new Map()]

  get depth(): number {
    return this.#scopes.length
  }

  /** A copy for a subshell. */
  fork(): Variables {
    const copy = new Variables()
    copy.#scopes.length = 0
    for (const scope of this.#scopes) {
      copy.#scopes.push(new Map([...scope].map(([name, variable]) => [name, cloneVariable(variable)])))
    }
    return copy
  }

  pushScope(): void {
    this.#scopes.push(new Map())
  }

  popScope(): void {
    if (this.#scopes.length > 1) this.#scopes.pop()
  }

  /** The visible variable; name references are followed. */
  lookup(name: string, follow = true): Variable | undefined {
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const variable = this.#scopes[i]!.get(name)
      if (!variable) continue
      if (follow && variable.reference && variable.value && variable.value !== name) return this.lookup(variable.value)
      return variable
    }
    return undefined
  }

  /** The visible variable, created in the global scope when there is none. */
  ensure(name: string): Variable {
    const found = this.lookup(name)
    if (found) return found
    const reference = this.lookup(name, false)
    const variable: Variable = { value: undefined }
    this.#scopes[0]!.set(reference?.value ?? name, variable)
    return variable
  }

  /** A variable of the innermost scope (`local`, `declare` in a function). */
  ensureLocal(name: string): Variable {
    const scope = this.#scopes[this.#scopes.length - 1]!
    let variable = scope.get(name)
    if (!variable) {
      variable = { value: undefined }
      if (this.lookup(name)?.exported) variable.exported = true
      scope.set(name, variable)
    }
    return variable
  }

  ensureGlobal(name: string): Variable {
    const scope = this.#scopes[0]!
    const variable = scope.get(name) ?? { value: undefined }
    scope.set(name, variable)
    return variable
  }

  unset(name: string): boolean {
    for (let i = this.#scopes.length - 1; i >= 0; i--) if (this.#scopes[i]!.delete(name)) return true
    return false
  }

  get(name: string): string | undefined {
    const variable = this.lookup(name)
    return variable && scalar(variable)
  }

  /** Every visible name, sorted. */
  names(): string[] {
    const all = new Set<string>()
    for (const scope of this.#scopes) for (const name of scope.keys()) all.add(name)
    return [...all].sort()
  }

  /** What children get. */
  environment(): Map<string, string> {
    const out = new Map<string, string>()
    for (const scope of this.#scopes) {
      for (const [name, variable] of scope) {
        const text = variable.exported ? scalar(variable) : undefined
        if (text !== undefined) out.set(name, text)
        else if (scope !== this.#scopes[0]) out.delete(name)
      }
    }
    return out
  }
}

/** The value as `$name` sees it: of an array, element 0. */
export function scalar(variable: Variable): string | undefined {
  if (variable.dynamic) return variable.dynamic.read()
  if (variable.indexed) return variable.indexed.get(0)
  if (variable.associative) return variable.associative.get('0')
  return variable.value
}

export function cloneVariable(variable: Variable): Variable {
  const copy = { ...variable }
  if (variable.indexed) copy.indexed = new Map(variable.indexed)
  if (variable.associative) copy.associative = new Map(variable.associative)
  return copy
}

/** All elements in order; a scalar is one element. */
export function elements(variable: Variable | undefined): string[] {
  if (!variable) return []
  if (variable.indexed) return [...variable.indexed].sort((a, b) => a[0] - b[0]).map(([, text]) => text)
  if (variable.associative) return [...variable.associative.values()]
  const text = scalar(variable)
  return text === undefined ? [] : [text]
}

/** The subscripts of the elements. */
export function subscripts(variable: Variable | undefined): string[] {
  if (!variable) return []
  if (variable.indexed) return [...variable.indexed.keys()].sort((a, b) => a - b).map(String)
  if (variable.associative) return [...variable.associative.keys()]
  return scalar(variable) === undefined ? [] : ['0']
}

const highest = new WeakMap<Map<number, string>, number>()

/** The highest index of an array, or -1. Remembered, since scripts append in loops. */
export function lastIndex(array: Map<number, string>): number {
  const known = highest.get(array)
  if (known !== undefined && array.has(known)) return known
  let last = -1
  for (const index of array.keys()) if (index > last) last = index
  highest.set(array, last)
  return last
}

/** Told of an element that was set. */
export function noteIndex(array: Map<number, string>, index: number): void {
  const known = highest.get(array)
  if (known !== undefined && index > known) highest.set(array, index)
}

export const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text)

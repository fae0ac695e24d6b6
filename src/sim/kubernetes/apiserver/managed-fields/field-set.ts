const NOTHING: Map<string, FieldSet> = new Map()

/** A set of paths in an object, as FieldsV1 stores it: `f:name`, `k:{"name":"c"}`, `v:"x"`. */
export class FieldSet {
  /** Whether the path to here is itself in the set. */
  member = false
  /** Shared by all leaves until something is put below them. */
  children: Map<string, FieldSet> = NOTHING

  put(element: string, child: FieldSet): void {
    if (this.children === NOTHING) this.children = new Map()
    this.children.set(element, child)
  }

  child(element: string): FieldSet {
    let child = this.children.get(element)
    if (!child) {
      child = new FieldSet()
      this.put(element, child)
    }
    return child
  }

  isEmpty(): boolean {
    if (this.member) return false
    for (const child of this.children.values()) if (!child.isEmpty()) return false
    return true
  }

  has(path: readonly string[]): boolean {
    let at: FieldSet | undefined = this
    for (const element of path) at = at?.children.get(element)
    return at?.member ?? false
  }

  union(other: FieldSet): FieldSet {
    const out = new FieldSet()
    out.member = this.member || other.member
    for (const [element, child] of this.children) {
      const twin = other.children.get(element)
      out.put(element, twin ? child.union(twin) : child)
    }
    for (const [element, child] of other.children) if (!this.children.has(element)) out.put(element, child)
    return out
  }

  /** Without the members of the other; members below them stay unless they are in it too. */
  difference(other: FieldSet): FieldSet {
    const out = new FieldSet()
    out.member = this.member && !other.member
    for (const [element, child] of this.children) {
      const twin = other.children.get(element)
      const rest = twin ? child.difference(twin) : child
      if (!rest.isEmpty()) out.put(element, rest)
    }
    return out
  }

  intersection(other: FieldSet): FieldSet {
    const out = new FieldSet()
    out.member = this.member && other.member
    for (const [element, child] of this.children) {
      const twin = other.children.get(element)
      if (!twin) continue
      const both = child.intersection(twin)
      if (!both.isEmpty()) out.put(element, both)
    }
    return out
  }

  equals(other: FieldSet): boolean {
    if (this.member !== other.member || this.children.size !== other.children.size) return false
    for (const [element, child] of this.children) {
      const twin = other.children.get(element)
      if (!twin || !child.equals(twin)) return false
    }
    return true
  }

  /** Paths of the members, in order. */
  paths(prefix: readonly string[] = []): string[][] {
    const out: string[][] = []
    if (this.member) out.push([...prefix])
    for (const element of [...this.children.keys()].sort())
      out.push(...this.children.get(element)!.paths([...prefix, element]))
    return out
  }

  toJson(): Record<string, unknown> {
    const out: Record<string, unknown> = {}
    if (this.member && this.children.size > 0) out['.'] = {}
    for (const element of [...this.children.keys()].sort()) out[element] = this.children.get(element)!.toJson()
    return out
  }

  static fromJson(json: Record<string, any>, isRoot = true): FieldSet {
    const out = new FieldSet()
    const elements = Object.keys(json)
    out.member = !isRoot && (elements.length === 0 || elements.includes('.'))
    for (const element of elements) if (element !== '.') out.put(element, FieldSet.fromJson(json[element], false))
    return out
  }
}

/** `.spec.template.spec.containers[name="c"].image` */
export function formatPath(path: readonly string[]): string {
  let text = ''
  for (const element of path) {
    const rest = element.slice(2)
    if (element.startsWith('f:')) text += `.${rest}`
    else if (element.startsWith('k:')) {
      const pairs = Object.entries(JSON.parse(rest) as Record<string, unknown>).map(
        ([k, v]) => `${k}=${JSON.stringify(v)}`,
      )
      text += `[${pairs.join(',')}]`
    } else if (element.startsWith('v:')) text += `[=${rest}]`
    else text += `[${rest}]`
  }
  return text
}

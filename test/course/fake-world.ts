import type { WorldSource } from '../../src/course/session/study-session.ts'
import { sessionWords } from '../../src/course/session/words.ts'
import type { KubeObject } from '../../src/sim/kubernetes/api/object.ts'
import type { RestPort } from '../../src/sim/rest/port.ts'
import type { RunLimits } from '../../src/sim/time/driver.ts'
import type { HistoryEntry, World } from '../../src/sim/world/api.ts'
import type { Input, Journal } from '../../src/sim/world/journal.ts'

/**
 * A world just real enough for the course engine's own tests: a store of objects behind REST list requests, a terminal
 * that echoes, and commands `put KIND NAME [label=value]`, `drop KIND NAME`, `wait MS`, `false`.
 */
export class FakeWorld implements World {
  now = 0
  readonly topology: Journal['topology']
  readonly seed: number
  readonly journal: Journal
  readonly history: HistoryEntry[] = []
  readonly client = undefined
  readonly objects = new Map<string, KubeObject>()
  #listeners = new Set<(text: string) => void>()
  #line = ''

  constructor(seed: number, topology: Journal['topology']) {
    this.seed = seed
    this.topology = topology
    this.journal = { format: 1, seed, topology, entries: [], now: 0 }
    queueMicrotask(() => this.#emit('$ '))
  }

  wallClock = () => this.now
  readFile = () => undefined
  scheduling = () => []

  readonly api: RestPort = {
    handle: ({ path }) => {
      if (path === '/api/v1')
        return ok({
          resources: [
            { name: 'pods', kind: 'Pod', namespaced: true },
            { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
          ],
        })
      const kind = path === '/api/v1/pods' ? 'Pod' : path === '/api/v1/configmaps' ? 'ConfigMap' : undefined
      if (!kind) return { status: 404, headers: {} }
      return ok({ items: [...this.objects.values()].filter((object) => object.kind === kind) })
    },
  }

  onOutput(listener: (text: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  input(input: Input): void {
    this.journal.entries.push({ t: this.now, input })
    if (input.type !== 'type') return
    for (const char of input.text) {
      if (char !== '\r') {
        this.#line += char
        this.#emit(char)
        continue
      }
      const line = this.#line
      this.#line = ''
      this.#emit(`\r\n${this.#command(line).replaceAll('\n', '\r\n')}$ `)
    }
  }

  async run({ until = this.now, when }: RunLimits): Promise<'when' | 'until'> {
    if (when?.()) return 'when'
    this.now = Math.max(this.now, Number.isFinite(until) ? until : this.now)
    return 'until'
  }

  async script(text: string) {
    this.journal.entries.push({ t: this.now, input: { type: 'script', text } })
    return this.probe(text)
  }

  async probe(text: string) {
    const lines = text.trim().split('\n')
    const stdout = lines.map((line) => this.#command(line)).join('')
    return { stdout, stderr: '', status: lines.at(-1) === 'false' ? 1 : 0, ended: true }
  }

  async fork(): Promise<FakeWorld> {
    const copy = new FakeWorld(this.seed, this.topology)
    copy.now = this.now
    copy.history.push(...this.history)
    for (const [key, value] of this.objects) copy.objects.set(key, value)
    return copy
  }

  #command(line: string): string {
    const [name = '', kind = '', object = '', ...labels] = line.trim().split(/\s+/)
    this.now += 10
    if (name === 'wait') this.now += Number(kind)
    if ((sessionWords as readonly string[]).includes(name)) return `\x1b]7700;${name}\x07`
    if (name === 'echo') return `${line.trim().slice(5)}\n`
    if (name === 'put') return this.#put(kind, object, labels)
    if (name === 'drop') return this.#drop(kind, object)
    return name === '' || name === 'wait' || name === 'false' ? '' : `${name}: command not found\n`
  }

  #put(kind: string, name: string, labels: readonly string[]): string {
    const key = `${kind}/${name}`
    const known = this.objects.has(key)
    const object: KubeObject = {
      apiVersion: 'v1',
      kind,
      metadata: {
        name,
        namespace: 'default',
        uid: key,
        resourceVersion: '1',
        creationTimestamp: '',
        labels: Object.fromEntries(labels.map((label) => label.split('='))),
      },
    }
    this.objects.set(key, object)
    this.history.push({ t: this.now, type: known ? 'MODIFIED' : 'ADDED', resource: kind, object })
    return `${kind}/${name} ${known ? 'configured' : 'created'}\n`
  }

  #drop(kind: string, name: string): string {
    const object = this.objects.get(`${kind}/${name}`)
    if (!object) return 'not found\n'
    this.objects.delete(`${kind}/${name}`)
    this.history.push({ t: this.now, type: 'DELETED', resource: kind, object })
    return `${kind}/${name} deleted\n`
  }

  #emit(text: string): void {
    for (const listener of this.#listeners) listener(text)
  }
}

const ok = (body: unknown) => ({ status: 200, headers: {}, body })

export const fakeWorlds: WorldSource = {
  create: async ({ seed, topology }) => new FakeWorld(seed, topology),
  async replay(journal) {
    const world = new FakeWorld(journal.seed, journal.topology)
    for (const { t, input } of journal.entries) {
      world.now = Math.max(world.now, t)
      if (input.type === 'script') await world.script(input.text)
      else world.input(input)
    }
    world.now = Math.max(world.now, journal.now)
    return world
  },
}

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core'

/** What crosses the border between a script and the simulated machine: plain data only. */
export type GuestValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly GuestValue[]
  | { readonly [key: string]: GuestValue }

/** A function of the machine that a script may call. What it throws as a string reaches the script as that string. */
export type HostFunction = (...args: any[]) => GuestValue

/** Thrown by a host function: the script gets `reason` as an exception. */
export class GuestThrow extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** A number to find again in the engine's memory. */
const MARK = -7.236418905512377e-203

/** The engine of one process: values in and out, work counted, memory bounded. */
export class Guest {
  readonly context: QuickJSContext
  readonly runtime: QuickJSRuntime
  readonly #engine: QuickJSWASMModule
  /** Units of work (10 000 calls and jumps each) since the process began. */
  work = 0
  /** Asked at every unit of work; true stops the script for good. */
  onWork: () => boolean = () => false
  #sharedOffset = 0

  constructor(engine: QuickJSWASMModule, limits: { memory: number; stack: number }) {
    this.#engine = engine
    this.runtime = engine.newRuntime()
    this.runtime.setMemoryLimit(limits.memory)
    this.runtime.setMaxStackSize(limits.stack)
    this.runtime.setInterruptHandler(() => {
      this.work++
      return this.onWork()
    })
    this.context = this.runtime.newContext()
  }

  /** Bytes that the engine has taken from its machine so far. */
  get memory(): number {
    return this.#engine.getWasmMemory().buffer.byteLength
  }

  /** Compiles and runs a script; the value of its last expression. Throws the script's exception as a handle. */
  evaluate(source: string, file: string, type: 'global' | 'module' = 'global'): QuickJSHandle {
    const result = this.context.evalCode(source, file, { type, strict: false })
    if (result.error) throw new GuestError(result.error)
    return result.value
  }

  /** Calls a function of the script with plain values. */
  call(target: QuickJSHandle, ...args: GuestValue[]): GuestValue {
    const handles = args.map((value) => this.toGuest(value))
    const result = this.context.callFunction(target, this.context.undefined, handles)
    for (const handle of handles) handle.dispose()
    if (result.error) throw new GuestError(result.error)
    const value = this.fromGuest(result.value)
    result.value.dispose()
    return value
  }

  /** Runs all promise reactions that are ready. */
  settle(): void {
    const result = this.runtime.executePendingJobs()
    if (result.error) throw new GuestError(result.error)
    result.dispose()
  }

  /** A function of the machine, for the script. */
  hostFunction(name: string, implementation: HostFunction): QuickJSHandle {
    return this.context.newFunction(name, (...args) => {
      try {
        return this.toGuest(implementation(...args.map((handle) => this.fromGuest(handle))))
      } catch (error) {
        if (error instanceof GuestThrow) return { error: this.context.newString(error.reason) }
        if (error instanceof GuestError) return { error: error.handle }
        throw error
      }
    })
  }

  toGuest(value: GuestValue): QuickJSHandle {
    const { context } = this
    if (value === undefined) return context.undefined
    if (value === null) return context.null
    if (typeof value === 'string') return context.newString(value)
    if (typeof value === 'number') return context.newNumber(value)
    if (typeof value === 'boolean') return value ? context.true : context.false
    if (value instanceof Uint8Array) return context.newArrayBuffer(value.slice().buffer)
    if (Array.isArray(value)) {
      const array = context.newArray()
      value.forEach((each, index) => {
        context.setProp(array, index, this.toGuest(each))
      })
      return array
    }
    const object = context.newObject()
    for (const [key, each] of Object.entries(value)) context.setProp(object, key, this.toGuest(each))
    return object
  }

  /** Primitives and ArrayBuffers; of other objects a handle would be needed, so they come as undefined. */
  fromGuest(handle: QuickJSHandle): GuestValue {
    const { context } = this
    switch (context.typeof(handle)) {
      case 'string':
        return context.getString(handle)
      case 'number':
        return context.getNumber(handle)
      case 'boolean':
        return context.eq(handle, context.true)
      case 'object': {
        if (context.eq(handle, context.null)) return null
        const bytes = context.getArrayBuffer(handle)
        const copy = bytes.value.slice()
        bytes.dispose()
        return copy
      }
    }
    return undefined
  }

  /** An ArrayBuffer of `numbers` float64 numbers that both sides see. */
  shareNumbers(numbers: number): QuickJSHandle {
    const marked = new Float64Array(numbers).fill(MARK)
    const handle = this.context.newArrayBuffer(marked.buffer)
    // The engine does not tell where it keeps the bytes; no other number of its memory is this one.
    const at = new Float64Array(this.#engine.getWasmMemory().buffer).indexOf(MARK)
    if (at < 0) throw new Error('the shared numbers of an engine were not found')
    this.#sharedOffset = at * 8
    for (let index = 0; index < numbers; index++) this.setShared(index, 0)
    return handle
  }

  #view(): DataView {
    return new DataView(this.#engine.getWasmMemory().buffer, this.#sharedOffset)
  }

  setShared(index: number, value: number): void {
    this.#view().setFloat64(index * 8, value, true)
  }

  getShared(index: number): number {
    return this.#view().getFloat64(index * 8, true)
  }
}

/** An exception that a script let pass. */
export class GuestError extends Error {
  readonly handle: QuickJSHandle
  constructor(handle: QuickJSHandle) {
    super('exception of a script')
    this.handle = handle
  }
}

// The simulator sees the language (ES2023) and these pure functions of the platform, nothing else:
// no timers, no console, no DOM, no node:*. `Date` and `Math.random` are refused by scripts/layers.mjs.

declare class TextEncoder {
  encode(text?: string): Uint8Array
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}
declare function structuredClone<T>(value: T): T
declare function btoa(binary: string): string
declare function atob(base64: string): string

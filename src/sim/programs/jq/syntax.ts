export type Filter =
  | { kind: 'identity' }
  | { kind: 'recurse' }
  | { kind: 'field'; of: Filter; key: Filter }
  | { kind: 'slice'; of: Filter; from: Filter | undefined; to: Filter | undefined }
  | { kind: 'iterate'; of: Filter }
  | { kind: 'try'; body: Filter; handler: Filter | undefined }
  | { kind: 'literal'; value: unknown }
  | { kind: 'string'; format: string | undefined; parts: (string | Filter)[] }
  | { kind: 'format'; name: string }
  | { kind: 'array'; body: Filter | undefined }
  | { kind: 'object'; entries: [Filter, Filter][] }
  | { kind: 'negate'; body: Filter }
  | { kind: 'pipe' | 'comma' | 'and' | 'or' | 'alternative'; left: Filter; right: Filter }
  | { kind: 'binary'; operator: string; left: Filter; right: Filter }
  | { kind: 'update'; operator: string; left: Filter; right: Filter }
  | { kind: 'if'; branches: [Filter, Filter][]; otherwise: Filter | undefined }
  | { kind: 'reduce'; source: Filter; pattern: Pattern; init: Filter; update: Filter }
  | { kind: 'foreach'; source: Filter; pattern: Pattern; init: Filter; update: Filter; extract: Filter | undefined }
  | { kind: 'bind'; source: Filter; pattern: Pattern; body: Filter }
  | { kind: 'variable'; name: string }
  | { kind: 'call'; name: string; args: Filter[] }
  | { kind: 'define'; name: string; params: string[]; body: Filter; rest: Filter }
  | { kind: 'label'; name: string; body: Filter }
  | { kind: 'break'; name: string }

export type Pattern =
  | { kind: 'name'; name: string }
  | { kind: 'array'; items: Pattern[] }
  | { kind: 'object'; entries: [Filter | string, Pattern | undefined][] }

/** A mistake in a program. */
export class JqSyntaxError extends Error {}

/** Parsed JSONPath, in kubectl's dialect. */
export type Node =
  | { type: 'text'; text: string }
  | { type: 'list'; nodes: Node[] }
  | { type: 'field'; name: string }
  | { type: 'array'; start: Bound; end: Bound & { derived?: boolean }; step: Bound }
  | { type: 'filter'; left: Node[]; right: Node[]; operator: string }
  | { type: 'union'; members: Node[][] }
  | { type: 'number'; value: number }
  | { type: 'bool'; value: boolean }
  | { type: 'wildcard' }
  | { type: 'recursive' }
  | { type: 'identifier'; name: string }

export interface Bound {
  known: boolean
  value: number
}

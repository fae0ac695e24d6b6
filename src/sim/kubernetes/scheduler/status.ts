/** Why a plugin rejects. `unresolvable`: removing other Pods from the node would not help. */
export interface Rejection {
  reasons: string[]
  unresolvable: boolean
}

export function unschedulable(...reasons: string[]): Rejection {
  return { reasons, unresolvable: false }
}

export function unresolvable(...reasons: string[]): Rejection {
  return { reasons, unresolvable: true }
}

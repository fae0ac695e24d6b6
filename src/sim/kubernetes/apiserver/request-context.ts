export interface UserInfo {
  name: string
  uid?: string
  groups: readonly string[]
  extra?: Readonly<Record<string, readonly string[]>>
}

/** What accompanies an operation, whether it came as a request or from within. */
export interface CallOptions {
  user: UserInfo
  /** For managedFields. */
  fieldManager: string
  dryRun: boolean
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  /** Texts of the answer's warning headers, added to as they arise. */
  warnings: string[]
}

export const SYSTEM: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }

/** Of what the API server does by itself. */
export const internalOptions = (fieldManager = 'kube-apiserver'): CallOptions => ({
  user: SYSTEM,
  fieldManager,
  dryRun: false,
  fieldValidation: 'Ignore',
  warnings: [],
})

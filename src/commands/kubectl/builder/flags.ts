import { bool, type FlagSpec, list, string } from '../flags/flag.ts'

/** `-f`, `-k`, `-R`. */
export const filenameFlags = (usage: string): FlagSpec[] => [
  list('filename', `Filename, directory, or URL to files ${usage}`, { shorthand: 'f' }),
  string('kustomize', "Process the kustomization directory. This flag can't be used together with -f or -R.", {
    shorthand: 'k',
  }),
  bool(
    'recursive',
    'Process the directory used in -f, --filename recursively. Useful when you want to manage related manifests organized within the same directory.',
    { shorthand: 'R' },
  ),
]

export const selectorFlag = (): FlagSpec =>
  string(
    'selector',
    "Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.(e.g. -l key1=value1,key2=value2,key3 in (value3)). Matching objects must satisfy all of the specified label constraints.",
    { shorthand: 'l' },
  )

export const fieldSelectorFlag = (): FlagSpec =>
  string(
    'field-selector',
    "Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
  )

export const allNamespacesFlag = (): FlagSpec =>
  bool(
    'all-namespaces',
    'If present, list the requested object(s) across all namespaces. Namespace in current context is ignored even if specified with --namespace.',
    { shorthand: 'A' },
  )

export const allFlag = (usage = 'Select all resources in the namespace of the specified resource types.'): FlagSpec =>
  bool('all', usage)

export const dryRunFlag = (): FlagSpec =>
  string(
    'dry-run',
    'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
    { default: 'none', alone: 'unchanged' },
  )

export const fieldManagerFlag = (manager: string): FlagSpec =>
  string('field-manager', 'Name of the manager used to track field ownership.', { default: manager })

export const validateFlag = (): FlagSpec =>
  string(
    'validate',
    'Must be one of: strict (or true), warn, ignore (or false). "true" or "strict" will use a schema to validate the input and fail the request if invalid. It will perform server side validation if ServerSideFieldValidation is enabled on the api-server, but will fall back to less reliable client-side validation if not. "warn" will warn about unknown or duplicate fields without blocking the request if server-side field validation is enabled on the API server, and behave as "ignore" otherwise. "false" or "ignore" will not perform any schema validation, silently dropping any unknown or duplicate fields.',
    { default: 'strict', alone: 'strict' },
  )

export const recordFlag = (): FlagSpec =>
  bool(
    'record',
    'Record current kubectl command in the resource annotation. If set to false, do not record the command. If set to true, record the command. If not set, default to updating the existing annotation value only if one already exists.',
    { deprecated: '--record will be removed in the future' },
  )

export const saveConfigFlag = (): FlagSpec =>
  bool(
    'save-config',
    'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to perform kubectl apply on this object in the future.',
  )

export const chunkSizeFlag = (): FlagSpec => ({
  name: 'chunk-size',
  type: 'int',
  default: '500',
  usage:
    'Return large lists in chunks rather than all at once. Pass 0 to disable. This flag is beta and may change in the future.',
})

export const localFlag = (): FlagSpec =>
  bool('local', 'If true, the command will NOT contact api-server but run locally.')

export const subresourceFlag = (names = '[status scale resize]'): FlagSpec =>
  string('subresource', `If specified, gets the subresource of the requested object. Must be one of ${names}.`)

interface Difference {
  /** The first minor version that speaks as ours does. */
  since: number
  /** What an older client prints beside, or ours: taken out of both. */
  pattern: RegExp
  replacement?: string
}

/** Ours imitates kubectl v1.36; what older clients print otherwise (seen with 1.32 and 1.33). */
const DIFFERENCES: readonly Difference[] = [
  { since: 34, pattern: /spec\.\w+\{[^}]*\}: /g },
  { since: 34, pattern: /^( +(?:Host )?Ports?: .*\/(?:TCP|UDP)) \([a-z]+\)$/gm, replacement: '$1' },
  { since: 34, pattern: /^Time Zone: +<unset>\n/gm },
  { since: 34, pattern: /^ +Kube-Proxy Version: +\n/gm },
  { since: 34, pattern: /^(Mountable secrets|Tokens): +<none>\n/gm },
  { since: 34, pattern: /^ *creationTimestamp: null\n/gm },
  { since: 34, pattern: /(deleted) from \S+ namespace/g, replacement: '$1' },
  { since: 34, pattern: / out of: .*/g },
  { since: 34, pattern: /,kyaml/g },
  {
    since: 34,
    pattern: /^(error|Error from server \(BadRequest\)): (container \S+ is not valid)/gm,
    replacement: '$2',
  },
  {
    since: 34,
    pattern: /^(error: no objects passed to scale|Error from server \(NotFound\):) (\S+)/gm,
    replacement: '$2',
  },
  { since: 34, pattern: /no visitor method exists for .*|no history viewer has been implemented for .*/g },
  { since: 33, pattern: /^(Name: .*\n)Namespace: .*\n(Selector: )/gm, replacement: '$1$2' },
  { since: 33, pattern: /^ +(ConfigMapOptional: +<nil>|Optional: +false)\n/gm },
  { since: 34, pattern: /^Warning: resource \S+ was previously managed with 'kubectl apply'. Rolling back .*\n/gm },
  { since: 33, pattern: /(pod template):? (Pod)/g, replacement: '$1 $2' },
  { since: 34, pattern: /(pod template):? (Pod)/g, replacement: '$1 $2' },
  // Not of versions: the program names itself, its files and its moments.
  { since: 99, pattern: /kubectl\.1\.\d+/g, replacement: 'kubectl' },
  { since: 99, pattern: /kubectl-edit-\d+/g, replacement: 'kubectl-edit-N' },
  { since: 99, pattern: /(LIVE|MERGED)-\d+/g, replacement: '$1-N' },
  { since: 99, pattern: /\t\d{4}-\d\d-\d\d [\d:.]+ \+0000$/gm, replacement: '\tTIME' },
]

/** Takes out what differs between the client's minor version and ours. */
export function withoutVersionDifferences(text: string, minor: number): string {
  let out = text
  for (const { since, pattern, replacement = '' } of DIFFERENCES)
    if (minor < since) out = out.replace(pattern, replacement)
  return out
}

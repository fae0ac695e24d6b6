import type { Describer } from '../describer.ts'

export const describeResourceQuota: Describer = (w, { object: quota }) => {
  w.line(0, `Name:\t${quota.metadata.name}`)
  w.line(0, `Namespace:\t${quota.metadata.namespace}`)
  const scopes: string[] = [...(quota.spec?.scopes ?? [])].sort()
  if (scopes.length > 0) {
    w.line(0, `Scopes:\t${scopes.join(', ')}`)
    for (const scope of scopes) if (scopeWords(scope)) w.line(0, ` * ${scopeWords(scope)}`)
  }
  w.line(0, 'Resource\tUsed\tHard')
  w.line(0, '--------\t----\t----')
  const hard = quota.status?.hard ?? {}
  for (const name of Object.keys(hard).sort()) w.line(0, `${name}\t${quota.status?.used?.[name] ?? '0'}\t${hard[name]}`)
}

const WORDS: Record<string, string> = {
  Terminating:
    'Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.',
  NotTerminating:
    'Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.',
  BestEffort:
    'Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.',
  NotBestEffort:
    'Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.',
}

export const scopeWords = (scope: string): string => WORDS[scope] ?? ''

import { parseQuantity, QUANTITY_ERROR } from '../../../../sim/kubernetes/api/quantity.ts'
import { CliError } from '../../errors/errors.ts'
import { string } from '../../flags/flag.ts'
import { generator } from './generator.ts'

export const createQuota = generator({
  name: 'quota',
  aliases: ['resourcequota'],
  short: 'Create a quota with the specified name',
  examples: `
# Create a new resource quota named my-quota
kubectl create quota my-quota --hard=cpu=1,memory=1G,pods=2,services=3

# Create a new resource quota named best-effort
kubectl create quota best-effort --hard=pods=100 --scopes=BestEffort`,
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  flags: [
    string('hard', 'A comma-delimited set of resource=quantity pairs that define a hard limit.'),
    string('scopes', 'A comma-delimited set of quota scopes that must all match each object tracked by the quota.'),
  ],
  failure: 'failed to create quota: ',
  build(session, name) {
    const hard = resourceList(session.flags.string('hard'))
    const scopes = session.flags.string('scopes').split(',').filter(Boolean)
    return {
      kind: 'ResourceQuota',
      apiVersion: 'v1',
      metadata: { name },
      spec: { ...(hard ? { hard } : {}), ...(scopes.length > 0 ? { scopes } : {}) },
      status: {},
    }
  },
})

/** `cpu=1,memory=1Gi` */
export function resourceList(text: string): Record<string, string> | undefined {
  if (text === '') return undefined
  const out: Record<string, string> = {}
  for (const pair of text.split(',')) {
    const eq = pair.indexOf('=')
    if (eq < 0 || pair.split('=').length !== 2)
      throw new CliError(`Invalid argument syntax ${pair}, expected <resource>=<value>`)
    const value = pair.slice(eq + 1)
    if (!parseQuantity(value)) throw new CliError(QUANTITY_ERROR)
    out[pair.slice(0, eq)] = value
  }
  return out
}

import type { Command } from '../../command.ts'
import { CliError, StatusError } from '../../errors/errors.ts'
import { array, duration, string } from '../../flags/flag.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'
import { structOrder } from '../../typed/struct-order.ts'

export const createToken: Command = {
  name: 'token',
  short: 'Request a service account token',
  examples: `
# Request a token to authenticate to the kube-apiserver as the service account "myapp" in the current namespace
kubectl create token myapp

# Request a token with a custom expiration
kubectl create token myapp --duration 10m`,
  use: 'token SERVICE_ACCOUNT_NAME',
  flags: [
    ...printFlags(),
    array(
      'audience',
      'Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences.',
    ),
    string(
      'bound-object-kind',
      'Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be provided.',
    ),
    string(
      'bound-object-name',
      'Name of an object to bind the token to. The token will expire when the object is deleted. Requires --bound-object-kind.',
    ),
    string(
      'bound-object-uid',
      'UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name. If unset, the UID of the existing object is used.',
    ),
    duration(
      'duration',
      'Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically. The server may return a token with a longer or shorter lifetime.',
    ),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length !== 1) throw session.usageError(`exactly one NAME is required, got ${args.length}`)
  const boundObjectRef = boundTo(session)
  const seconds = flags.duration('duration') / 1000
  if (seconds < 0) throw new CliError('--duration must be greater than or equal to 0')
  if (!Number.isInteger(seconds)) throw new CliError('--duration cannot be expressed in units less than seconds')
  const request = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    spec: {
      audiences: flags.list('audience').length > 0 ? flags.list('audience') : null,
      expirationSeconds: seconds > 0 ? seconds : null,
      boundObjectRef,
    },
    status: { token: '', expirationTimestamp: null },
  }
  const path = `/api/v1/namespaces/${session.namespace}/serviceaccounts/${args[0]}/token`
  const answer = await session.client.json({ method: 'POST', path, body: request }).catch((error) => {
    throw error instanceof StatusError ? new CliError(`failed to create token: ${error.message}`) : error
  })
  if (!answer.status?.token) throw new CliError('failed to create token: no token in server response')
  if (!flags.string('output')) return session.print(answer.status.token + (session.process.stdout.tty ? '\n' : ''))
  await session.print(printerFor(session, { typed: true }).print(structOrder(answer)))
}

const BINDABLE: Record<string, string> = { Node: 'v1', Pod: 'v1', Secret: 'v1' }

function boundTo(session: Session): object | null {
  const [kind, name, uid] = ['kind', 'name', 'uid'].map((part) => session.flags.string(`bound-object-${part}`))
  if (!kind) {
    if (name) throw new CliError('--bound-object-name can only be set if --bound-object-kind is provided')
    if (uid) throw new CliError('--bound-object-uid can only be set if --bound-object-kind is provided')
    return null
  }
  if (!(kind in BINDABLE))
    throw new CliError(`supported --bound-object-kind values are ${Object.keys(BINDABLE).join(', ')}`)
  if (!name) throw new CliError('--bound-object-name is required if --bound-object-kind is provided')
  return { kind, apiVersion: BINDABLE[kind], name, ...(uid ? { uid } : {}) }
}

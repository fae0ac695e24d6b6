import { readCertificate } from '../../../../sim/programs/openssl/certificate.ts'
import { fromPem } from '../../../../sim/programs/openssl/der.ts'
import { publicKeyOf } from '../../../../sim/programs/openssl/rsa-key.ts'
import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { goFileError } from '../../errors/report.ts'
import { bool, string } from '../../flags/flag.ts'
import { nameHash } from '../../kustomize/name-hash.ts'
import type { Session } from '../../session.ts'
import { generator } from './generator.ts'
import { base64, type KeyValues, keyValueFlags, keyValues, sortedEntries } from './key-values.ts'

const FAILURE = 'failed to create secret '
const encoder = new TextEncoder()

const createGeneric = generator({
  name: 'generic',
  short: 'Create a secret from a local file, directory, or literal value',
  examples: `
# Create a new secret named my-secret with keys for each file in folder bar
kubectl create secret generic my-secret --from-file=path/to/bar

# Create a new secret named my-secret with key1=supersecret and key2=topsecret
kubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret`,
  use: 'generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: [...keyValueFlags('secret'), string('type', 'The type of secret to create')],
  failure: FAILURE,
  build(session, name) {
    return secret(session, name, session.flags.string('type'), keyValues(session, 'Secret', name))
  },
})

const createDockerRegistry = generator({
  name: 'docker-registry',
  short: 'Create a secret for use with a Docker registry',
  examples: `
# Create a secret for a registry from a user's name and password
kubectl create secret docker-registry my-secret --docker-server=REGISTRY --docker-username=USER --docker-password=PASSWORD --docker-email=EMAIL`,
  use: 'docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  flags: [
    ...keyValueFlags('secret').filter((flag) => flag.name === 'append-hash' || flag.name === 'from-file'),
    string('docker-email', 'Email for Docker registry'),
    string('docker-password', 'Password for Docker registry authentication'),
    string('docker-server', 'Server location for Docker registry', { default: 'https://index.docker.io/v1/' }),
    string('docker-username', 'Username for Docker registry authentication'),
  ],
  failure: FAILURE,
  build(session, name) {
    const { flags } = session
    const [server, username, password, email] = ['server', 'username', 'password', 'email'].map((f) =>
      flags.string(`docker-${f}`),
    )
    if (flags.list('from-file').length > 0) {
      return secret(session, name, 'kubernetes.io/dockerconfigjson', keyValues(session, 'Secret', name))
    }
    if (!username || !password || !server) {
      throw new CliError(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      )
    }
    const auth = btoa(`${username}:${password}`)
    const config = { auths: { [server]: { username, password, ...(email ? { email } : {}), auth } } }
    return secret(
      session,
      name,
      'kubernetes.io/dockerconfigjson',
      new Map([['.dockerconfigjson', encoder.encode(JSON.stringify(config))]]),
    )
  },
})

const createTls = generator({
  name: 'tls',
  short: 'Create a TLS secret',
  examples: `
# Create a new TLS secret named tls-secret with the given key pair
kubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key`,
  use: 'tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  flags: [
    bool('append-hash', 'Append a hash of the secret to its name.'),
    string('cert', 'Path to PEM encoded public key certificate.'),
    string('key', 'Path to private key associated with given certificate.'),
  ],
  failure: FAILURE,
  build(session, name) {
    const { flags } = session
    if (!flags.string('cert') || !flags.string('key')) throw new CliError('key and cert must be specified')
    const values: KeyValues = new Map([
      ['tls.crt', readPem(session, flags.string('cert'))],
      ['tls.key', readPem(session, flags.string('key'))],
    ])
    checkPair(values)
    return secret(session, name, 'kubernetes.io/tls', values)
  },
})

function readPem(session: Session, path: string): Uint8Array {
  try {
    return session.process.files.readBytes(path)
  } catch (error) {
    throw new CliError(`Cannot read file ${path}, ${goFileError('open', path, error)}`)
  }
}

/** As Go's X509KeyPair: both must be there, and of one key. */
function checkPair(values: KeyValues): void {
  const text = (key: string) => new TextDecoder().decode(values.get(key))
  if (!fromPem(text('tls.crt'))) throw new CliError('tls: failed to find any PEM data in certificate input')
  if (!fromPem(text('tls.key'))) throw new CliError('tls: failed to find any PEM data in key input')
  const held = readCertificate(text('tls.crt'))?.publicKey
  const own = publicKeyOf(text('tls.key'))
  if (held && own && String(own) !== String([...held])) throw new CliError('tls: private key does not match public key')
}

function secret(session: Session, name: string, type: string, values: KeyValues): object {
  const data = Object.fromEntries(sortedEntries(values).map(([key, bytes]) => [key, base64(bytes)]))
  const object = {
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name },
    ...(values.size > 0 ? { data } : {}),
    ...(type ? { type } : {}),
  }
  return session.flags.bool('append-hash') ? { ...object, metadata: { name: `${name}-${nameHash(object)}` } } : object
}

export const createSecret: Command = {
  name: 'secret',
  short: 'Create a secret using a specified subcommand',
  long: `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.`,
  use: 'secret (docker-registry | generic | tls)',
  subcommands: [createDockerRegistry, createGeneric, createTls],
}

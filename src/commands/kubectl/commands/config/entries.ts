import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { bool, type FlagSpec, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { editConfig, mergedConfig } from './edit-file.ts'

/** Sets or removes a property by the value of a flag that was given. */
function assign(target: Record<string, any>, session: Session, names: Readonly<Record<string, string>>): void {
  for (const [flag, property] of Object.entries(names)) {
    if (!session.flags.changed(flag)) continue
    const value = session.flags.string(flag)
    if (value === '') delete target[property]
    else target[property] = value
  }
}

function nameOf(session: Session): string {
  const [name] = session.args
  if (session.args.length !== 1 || !name) throw session.usageError(`unexpected args: [${session.args.join(' ')}]`)
  return name
}

export const setContext: Command = {
  name: 'set-context',
  short: 'Set a context entry in kubeconfig',
  long: 'Set a context entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.',
  examples:
    '\n# Set the user field on the gce context entry without touching other values\nkubectl config set-context gce --user=cluster-admin',
  use: 'set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  flags: [bool('current', 'Modify the current context')],
  async run(session) {
    const current = session.flags.bool('current')
    if (current && session.args.length > 0)
      throw session.usageError(`you cannot specify both a context name and --current`)
    const merged = mergedConfig(session)
    const name = current ? merged['current-context'] : nameOf(session)
    if (!name) throw new CliError('no current context is set')
    const exists = merged.contexts.some((c) => c.name === name)
    editConfig(session, `contexts/${name}`, (config) => {
      let entry = config.contexts.find((c) => c.name === name)
      if (!entry) {
        entry = { name, context: { cluster: '', user: '' } }
        config.contexts.push(entry)
      }
      assign(entry.context, session, { cluster: 'cluster', user: 'user', namespace: 'namespace' })
    })
    await session.print(`Context ${JSON.stringify(name)} ${exists ? 'modified' : 'created'}.\n`)
  },
}

export const setCluster: Command = {
  name: 'set-cluster',
  short: 'Set a cluster entry in kubeconfig',
  long: 'Set a cluster entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.',
  examples:
    '\n# Set only the server field on the e2e cluster entry without touching other values\nkubectl config set-cluster e2e --server=https://1.2.3.4',
  use: 'set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  flags: [
    bool('embed-certs', 'embed-certs for the cluster entry in kubeconfig'),
    string('proxy-url', 'proxy-url for the cluster entry in kubeconfig'),
  ],
  async run(session) {
    const name = nameOf(session)
    editConfig(session, `clusters/${name}`, (config) => {
      let entry = config.clusters.find((c) => c.name === name)
      if (!entry) {
        entry = { name, cluster: { server: '' } }
        config.clusters.push(entry)
      }
      assign(entry.cluster, session, {
        server: 'server',
        'tls-server-name': 'tls-server-name',
        'proxy-url': 'proxy-url',
      })
      if (session.flags.changed('insecure-skip-tls-verify'))
        entry.cluster['insecure-skip-tls-verify'] = session.flags.bool('insecure-skip-tls-verify')
      embed(session, entry.cluster, 'certificate-authority')
    })
    await session.print(`Cluster ${JSON.stringify(name)} set.\n`)
  },
}

const credentialFlags: FlagSpec[] = [
  bool('embed-certs', 'Embed client cert/key for the user entry in kubeconfig'),
  string('auth-provider', 'Auth provider for the user entry in kubeconfig'),
  string('exec-command', 'Command for the exec credential plugin for the user entry in kubeconfig'),
  string('exec-api-version', 'API version of the exec credential plugin for the user entry in kubeconfig'),
]

export const setCredentials: Command = {
  name: 'set-credentials',
  short: 'Set a user entry in kubeconfig',
  long: 'Set a user entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values.',
  examples:
    '\n# Embed client certificate data in the "cluster-admin" entry\nkubectl config set-credentials cluster-admin --client-certificate=~/.kube/admin.crt --embed-certs=true',
  use: 'set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password]',
  flags: credentialFlags,
  async run(session) {
    const name = nameOf(session)
    editConfig(session, `users/${name}`, (config) => {
      let entry = config.users.find((c) => c.name === name)
      if (!entry) {
        entry = { name, user: {} }
        config.users.push(entry)
      }
      assign(entry.user, session, { token: 'token', username: 'username', password: 'password' })
      embed(session, entry.user, 'client-certificate')
      embed(session, entry.user, 'client-key')
      if (session.flags.string('exec-command')) {
        entry.user.exec = {
          apiVersion: session.flags.string('exec-api-version'),
          command: session.flags.string('exec-command'),
        }
      }
    })
    await session.print(`User ${JSON.stringify(name)} set.\n`)
  },
}

/** A file by its path, or with --embed-certs by its content. */
function embed(session: Session, target: Record<string, any>, property: string): void {
  if (!session.flags.changed(property)) return
  const path = session.flags.string(property)
  delete target[property]
  delete target[`${property}-data`]
  if (path === '') return
  if (!session.flags.bool('embed-certs')) {
    target[property] = path.startsWith('/') ? path : `${session.process.cwd}/${path}`
    return
  }
  const { files } = session.process
  if (!files.exists(path))
    throw new CliError(`could not read ${property} data from ${path}: open ${path}: no such file or directory`)
  target[`${property}-data`] = btoa(files.readText(path))
}

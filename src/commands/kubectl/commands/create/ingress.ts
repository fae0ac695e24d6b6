import { CliError } from '../../errors/errors.ts'
import { array, string } from '../../flags/flag.ts'
import { generator } from './generator.ts'

const RULE =
  /^(?<host>[\w*\-.]*)(?<path>\/[^=]*)?=(?<service>[\w-]+):(?<port>[\w-]+)(,(?<tls>tls)(=(?<secret>[\w-]*))?)?$/

export const createIngress = generator({
  name: 'ingress',
  aliases: ['ing'],
  short: 'Create an ingress with the specified name',
  examples: `
# Create an ingress that directs requests to foo.com/bar to svc1:8080 with a TLS secret "my-cert"
kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"

# Create an ingress for all paths below a host
kubectl create ingress prefix --class=nginx --rule="foo.com/*=svc:8080"`,
  use: 'ingress NAME --rule=host/path=service:port[,tls[=secret]]',
  flags: [
    array('annotation', 'Annotation to insert in the ingress object, in the format annotation=value'),
    string('class', 'Ingress Class to be used'),
    string('default-backend', 'Default service for backend, in format of svcname:port'),
    array(
      'rule',
      "Rule in format host/path=service:port[,tls=secretname]. Paths containing the leading character '*' are considered pathType=Prefix. tls argument is optional.",
    ),
  ],
  failure: 'failed to create ingress: ',
  build(session, name) {
    const { flags } = session
    const rules = flags.list('rule')
    const backend = flags.string('default-backend')
    if (rules.length === 0 && !backend)
      throw new CliError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      )
    const parsed = rules.map(parseRule)
    const annotations = Object.fromEntries(
      flags.list('annotation').map((text) => [text.split('=')[0], text.slice(text.indexOf('=') + 1)]),
    )
    return {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name, ...(flags.list('annotation').length > 0 ? { annotations } : {}) },
      spec: {
        ...(flags.string('class') ? { ingressClassName: flags.string('class') } : {}),
        ...(backend ? { defaultBackend: { service: serviceOf(backend) } } : {}),
        ...tlsOf(parsed),
        ...(parsed.length > 0 ? { rules: hostRules(parsed) } : {}),
      },
      status: { loadBalancer: {} },
    }
  },
})

interface Rule {
  host: string
  path: string
  pathType: string
  service: string
  port: string
  tls: boolean
  secret: string
}

function parseRule(text: string): Rule {
  const groups = RULE.exec(text)?.groups
  if (!groups)
    throw new CliError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`)
  const path = groups.path ?? '/'
  const prefix = path.endsWith('*')
  return {
    host: groups.host ?? '',
    path: prefix ? path.slice(0, -1) : path,
    pathType: prefix ? 'Prefix' : 'Exact',
    service: groups.service!,
    port: groups.port!,
    tls: groups.tls !== undefined,
    secret: groups.secret ?? '',
  }
}

function serviceOf(text: string): object {
  const [name, port, ...more] = text.split(':')
  if (!name || !port || more.length > 0)
    throw new CliError('default-backend should be in format servicename:serviceport')
  return { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } }
}

function hostRules(rules: readonly Rule[]): object[] {
  const hosts = [...new Set(rules.map((rule) => rule.host))]
  return hosts.map((host) => ({
    ...(host ? { host } : {}),
    http: {
      paths: rules
        .filter((rule) => rule.host === host)
        .map((rule) => ({
          path: rule.path,
          pathType: rule.pathType,
          backend: { service: serviceOf(`${rule.service}:${rule.port}`) },
        })),
    },
  }))
}

function tlsOf(rules: readonly Rule[]): object {
  const secure = rules.filter((rule) => rule.tls)
  const secrets = [...new Set(secure.map((rule) => rule.secret))]
  if (secrets.length === 0) return {}
  return {
    tls: secrets.map((secret) => ({
      hosts: [...new Set(secure.filter((rule) => rule.secret === secret && rule.host).map((rule) => rule.host))],
      ...(secret ? { secretName: secret } : {}),
    })),
  }
}

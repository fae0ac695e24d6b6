import type { KubeObject } from '../../api/object.ts'
import { type BackendView, backendAddresses } from '../ingress/backends.ts'
import { Annotations } from './annotations.ts'
import type { IngressNginxOptions } from './options.ts'

export const FAKE_CERTIFICATE = '/etc/ingress-controller/ssl/default-fake-certificate.pem'

/** What the controller knows of the cluster, by `namespace/name`. */
export interface ClusterView extends BackendView {
  /** Of its classes, the oldest first. */
  ingresses: readonly KubeObject[]
  secrets: ReadonlyMap<string, KubeObject>
  /** Data of the ConfigMap. */
  settings: Readonly<Record<string, string>>
}

interface Place {
  path: string
  /** Taken whole, with everything below, or as a regular expression. */
  match: 'exact' | 'prefix' | 'regex'
  backend: any
  ingress: KubeObject
}

interface Host {
  aliases: string[]
  tls: string | undefined
  places: Place[]
  /** The Ingress that named the host first: its settings for the whole server count. */
  ingress: KubeObject
}

/** Where a Secret's certificate is written. */
export const certificateFile = (secret: string): string => `/etc/ingress-controller/ssl/${secret.replace('/', '-')}.pem`

/** /etc/nginx/nginx.conf, whole. */
export function nginxConfiguration(view: ClusterView, options: IngressNginxOptions): string {
  const upstreams = new Map<string, string>()
  const hosts = hostsOf(view.ingresses)
  const servers = [...hosts].map(([name, host]) => serverOf(name, host, view, options, upstreams))
  if (!hosts.has('_')) servers.unshift(defaultServer(view, options, upstreams))
  return `# Configuration of ingress-nginx; written anew at every change
pid /tmp/nginx/nginx.pid;
daemon off;
worker_processes auto;

events {
\tworker_connections 16384;
}

http {
\tinclude /etc/nginx/mime.types;
\tdefault_type text/html;
\tserver_tokens ${view.settings['server-tokens'] === 'true' ? 'on' : 'off'};
\tkeepalive_timeout 75s;
\tlog_format upstreaminfo '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [] $upstream_addr $body_bytes_sent $upstream_response_time $upstream_status $request_id';
\taccess_log /var/log/nginx/access.log upstreaminfo;
\terror_log /var/log/nginx/error.log notice;

${[...upstreams.values()].join('')}${servers.join('\n')}}
`
}

/** The servers that the Ingresses ask for. What several want, the oldest has. */
function hostsOf(ingresses: readonly KubeObject[]): Map<string, Host> {
  const hosts = new Map<string, Host>()
  const hostOf = (name: string, ingress: KubeObject) => {
    const host = hosts.get(name) ?? { aliases: [], tls: undefined, places: [], ingress }
    hosts.set(name, host)
    return host
  }
  for (const ingress of ingresses) {
    const { namespace } = ingress.metadata
    for (const rule of ingress.spec.rules ?? []) {
      const host = hostOf(rule.host || '_', ingress)
      for (const { path, pathType, backend } of rule.http?.paths ?? [])
        for (const place of placesOf(path || '/', pathType)) {
          if (host.places.some((known) => known.path === place.path && known.match === place.match)) continue
          host.places.push({ ...place, backend, ingress })
        }
    }
    for (const { hosts: names = [], secretName } of ingress.spec.tls ?? [])
      for (const name of names) {
        const host = hosts.get(name)
        if (host && secretName) host.tls ??= `${namespace}/${secretName}`
      }
    const { defaultBackend: backend } = ingress.spec
    if (!backend) continue
    const names = (ingress.spec.rules ?? []).map((rule: any) => rule.host || '_')
    for (const name of names.length > 0 ? names : ['_']) {
      const host = hostOf(name, ingress)
      if (!host.places.some(({ path }) => path === '/'))
        host.places.push({ path: '/', match: 'prefix', backend, ingress })
    }
  }
  return hosts
}

function placesOf(path: string, pathType: string): Pick<Place, 'path' | 'match'>[] {
  if (pathType === 'Exact') return [{ path, match: 'exact' }]
  if (pathType !== 'Prefix' || path === '/') return [{ path, match: 'prefix' }]
  const bare = path.replace(/\/+$/, '')
  return [
    { path: `${bare}/`, match: 'prefix' },
    { path: bare, match: 'exact' },
  ]
}

const listens = ({ httpPort, httpsPort }: IngressNginxOptions, isDefault: boolean): string => {
  const mark = isDefault ? ' default_server' : ''
  return `\t\tlisten ${httpPort}${mark};\n\t\tlisten ${httpsPort} ssl${mark};\n`
}

const certificate = (file: string) => `\t\tssl_certificate ${file};\n\t\tssl_certificate_key ${file};\n`
const HEALTH = '\t\tlocation = /healthz {\n\t\t\taccess_log off;\n\t\t\treturn 200;\n\t\t}\n'

/** Who asks for a host that no Ingress names. */
function defaultServer(view: ClusterView, options: IngressNginxOptions, upstreams: Map<string, string>): string {
  const { defaultBackend, defaultCertificate } = options
  const file =
    defaultCertificate && view.secrets.has(defaultCertificate) ? certificateFile(defaultCertificate) : FAKE_CERTIFICATE
  const port = defaultBackend ? view.services.get(defaultBackend)?.spec.ports?.[0]?.port : undefined
  const upstream = port === undefined ? undefined : upstreamOf(defaultBackend!, { number: port }, view, upstreams)
  const answer = upstream ? `proxy_pass http://${upstream};` : 'return 404;'
  return `\tserver {
\t\tserver_name _;
${listens(options, true)}${certificate(file)}\t\tset $proxy_upstream_name "${upstream ?? 'upstream-default-backend'}";
\t\tlocation / {
\t\t\t${answer}
\t\t}
${HEALTH}\t}
`
}

function serverOf(
  name: string,
  host: Host,
  view: ClusterView,
  options: IngressNginxOptions,
  upstreams: Map<string, string>,
): string {
  const own = new Annotations(host.ingress, view.settings)
  const secret = host.tls && view.secrets.has(host.tls) ? host.tls : options.defaultCertificate
  const file = secret && view.secrets.has(secret) ? certificateFile(secret) : FAKE_CERTIFICATE
  const aliases =
    own
      .get('server-alias')
      ?.split(',')
      .map((alias) => alias.trim()) ?? []
  // One regular expression makes all the host's paths such.
  const isRegex = host.places.some(({ ingress }) => {
    const annotations = new Annotations(ingress, {})
    return annotations.get('rewrite-target') !== undefined || annotations.flag('use-regex', false)
  })
  const root = own.get('app-root')
  const places = [...host.places].sort((a, b) => b.path.length - a.path.length || (a.path < b.path ? 1 : -1))
  const locations = new Map<string, string>()
  for (const place of places) {
    const match = matchOf(place, isRegex)
    if (!locations.has(match)) locations.set(match, locationOf(match, place, host, view, upstreams))
  }
  if (!places.some(({ path }) => path === '/'))
    locations.set(
      '/',
      '\t\tlocation / {\n\t\t\tset $proxy_upstream_name "upstream-default-backend";\n\t\t\treturn 404;\n\t\t}\n',
    )
  return `\tserver {
\t\tserver_name ${[name, ...aliases].join(' ')};
${listens(options, name === '_')}${certificate(file)}\t\tset $proxy_upstream_name "-";
${root ? `\t\tif ($uri = /) {\n\t\t\treturn 302 $scheme://$http_host${root};\n\t\t}\n` : ''}${[...locations.values()].join('')}${name === '_' ? HEALTH : ''}\t}
`
}

function matchOf({ path, match }: Place, isRegex: boolean): string {
  // The exact half of a prefix is inside the regular expression.
  if (isRegex)
    return `~* "^${match === 'prefix' && path !== '/' ? path.replace(/\/$/, '(?:/|$)') : path}${match === 'exact' ? '$' : ''}"`
  return match === 'exact' ? `= ${path}` : path
}

function locationOf(
  match: string,
  { path, backend, ingress }: Place,
  { tls }: Host,
  view: ClusterView,
  upstreams: Map<string, string>,
): string {
  const { namespace, name } = ingress.metadata
  const annotations = new Annotations(ingress, view.settings)
  const option = (key: string, initial: string) => annotations.get(key) ?? initial
  const service = backend.service
  const upstream = service
    ? upstreamOf(`${namespace}/${service.name}`, service.port, view, upstreams, annotations.get('upstream-hash-by'))
    : undefined
  const label = service ? `${namespace}-${service.name}-${service.port.number ?? service.port.name}` : ''
  const lines = [
    `set $namespace "${namespace}";`,
    `set $ingress_name "${name}";`,
    `set $service_name "${service?.name ?? ''}";`,
    `set $location_path "${path}";`,
    `set $proxy_upstream_name "${label}";`,
  ]
  const redirects = annotations.flag('ssl-redirect', true) && tls !== undefined
  if (redirects || annotations.flag('force-ssl-redirect', false))
    lines.push('if ($scheme = http) {', '\treturn 308 https://$host$request_uri;', '}')
  for (const [key, word] of [
    ['denylist-source-range', 'deny'],
    ['whitelist-source-range', 'allow'],
    ['allowlist-source-range', 'allow'],
  ] as const) {
    const ranges = annotations.get(key)?.split(',')
    if (ranges)
      lines.push(...ranges.map((range) => `${word} ${range.trim()};`), ...(word === 'allow' ? ['deny all;'] : []))
  }
  const moved = annotations.get('permanent-redirect')
  const elsewhere = annotations.get('temporal-redirect')
  const target = annotations.get('rewrite-target')
  if (moved) lines.push(`return ${option('permanent-redirect-code', '301')} ${moved};`)
  else if (elsewhere) lines.push(`return 302 ${elsewhere};`)
  else if (!upstream) lines.push('return 503;')
  else {
    lines.push(
      `client_max_body_size ${option('proxy-body-size', '1m')};`,
      'proxy_http_version 1.1;',
      `proxy_connect_timeout ${seconds(option('proxy-connect-timeout', '5'))};`,
      `proxy_send_timeout ${seconds(option('proxy-send-timeout', '60'))};`,
      `proxy_read_timeout ${seconds(option('proxy-read-timeout', '60'))};`,
      `proxy_set_header Host ${option('upstream-vhost', '$http_host')};`,
      'proxy_set_header X-Request-ID $request_id;',
      'proxy_set_header X-Real-IP $remote_addr;',
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Host $http_host;',
      'proxy_set_header X-Forwarded-Port $server_port;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_set_header X-Forwarded-Scheme $scheme;',
      'proxy_set_header X-Scheme $scheme;',
      'proxy_set_header X-Original-Forwarded-For $http_x_forwarded_for;',
    )
    const prefix = annotations.get('x-forwarded-prefix')
    if (prefix) lines.push(`proxy_set_header X-Forwarded-Prefix "${prefix}";`)
    if (target !== undefined) lines.push(`rewrite "${path}" ${target} break;`)
    const scheme = /^HTTPS$/i.test(option('backend-protocol', 'HTTP')) ? 'https' : 'http'
    lines.push(`proxy_pass ${scheme}://${upstream};`)
  }
  return `\t\tlocation ${match} {\n${lines.map((line) => `\t\t\t${line}\n`).join('')}\t\t}\n`
}

const seconds = (value: string) => (/^\d+$/.test(value) ? `${value}s` : value)

/** The name of the upstream of a Service's port; undefined while no Pod is ready. */
function upstreamOf(
  key: string,
  port: { number?: number; name?: string },
  view: ClusterView,
  upstreams: Map<string, string>,
  hash?: string,
): string | undefined {
  const addresses = backendAddresses(key, port, view)
  if (addresses.length === 0) return undefined
  const name = `${key.replace('/', '-')}-${port.number ?? port.name}`
  const lines = [...(hash ? [`hash ${hash} consistent;`] : []), ...addresses.map((address) => `server ${address};`)]
  upstreams.set(name, `\tupstream ${name} {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n`)
  return name
}

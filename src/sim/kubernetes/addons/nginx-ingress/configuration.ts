import type { KubeObject } from '../../api/object.ts'
import { type BackendView, backendAddresses } from '../ingress/backends.ts'

/** What the controller knows of the cluster, by `namespace/name`. */
export interface ClusterView extends BackendView {
  ingresses: readonly KubeObject[]
  secrets: ReadonlyMap<string, KubeObject>
  /** Data of the ConfigMap. */
  settings: Readonly<Record<string, string>>
}

export interface MainSettings {
  healthStatus: boolean
  nginxStatus: boolean
  nginxStatusPort: number
}

const LOG_FORMAT =
  '\'$remote_addr - $remote_user [$time_local] "$request" \'\n                      \'$status $body_bytes_sent "$http_referer" \'\n                      \'"$http_user_agent" "$http_x_forwarded_for"\''

/** /etc/nginx/nginx.conf: everything but the Ingresses' own servers. */
export function mainConfiguration({ healthStatus, nginxStatus, nginxStatusPort }: MainSettings): string {
  const health = healthStatus
    ? '\n        location /nginx-health {\n            access_log off;\n            default_type text/plain;\n            return 200 "healthy\\n";\n        }'
    : ''
  const status = nginxStatus
    ? `
    server {
        listen ${nginxStatusPort};
        access_log off;
        location = /stub_status {
            allow 127.0.0.1;
            deny all;
            stub_status;
        }
        location / {
            return 404;
        }
    }`
    : ''
  return `worker_processes  auto;
daemon off;
error_log  stderr notice;
pid        /var/lib/nginx/nginx.pid;

events {
    worker_connections  1024;
}

http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    log_format  main  ${LOG_FORMAT};
    access_log /dev/stdout main;
    sendfile        on;
    keepalive_timeout 65s;

    server {
        listen 80 default_server;
        listen 443 ssl default_server;
        ssl_certificate /etc/nginx/secrets/default;
        ssl_certificate_key /etc/nginx/secrets/default;
        server_name _;
        access_log off;${health}
        location / {
            return 404;
        }
    }${status}

    include /etc/nginx/conf.d/*.conf;
}
`
}

/** Why an Ingress is not taken, in the controller's words; undefined when it is. */
export function problemOf(ingress: KubeObject): string | undefined {
  const rules = ingress.spec.rules ?? []
  if (rules.length === 0) return 'spec.rules: Required value'
  const at = rules.findIndex((rule: any) => !rule.host)
  if (at >= 0) return `spec.rules[${at}].host: Required value`
  const hosts = new Set<string>()
  for (const [i, { host }] of rules.entries()) {
    if (hosts.has(host)) return `spec.rules[${i}].host: Duplicate value: ${JSON.stringify(host)}`
    hosts.add(host)
  }
  return undefined
}

/** The file of one Ingress in /etc/nginx/conf.d, for the hosts that it won. */
export function ingressConfiguration(ingress: KubeObject, hosts: ReadonlySet<string>, view: ClusterView): string {
  const { namespace, name, annotations = {} } = ingress.metadata
  const option = (key: string, initial: string) => annotations[`nginx.org/${key}`] ?? view.settings[key] ?? initial
  const upstreams = new Map<string, string>()
  const upstreamOf = (host: string, backend: any): string | undefined => {
    const { service } = backend
    const port = service.port.number ?? service.port.name
    const upstream = `${namespace}-${name}-${host}-${service.name}-${port}`
    const addresses = backendAddresses(`${namespace}/${service.name}`, service.port, view)
    if (addresses.length === 0) return undefined
    const method = balancing(option('lb-method', 'random two least_conn'))
    const lines = [
      `\tzone ${upstream} 256k;`,
      ...(method ? [`\t${method};`] : []),
      ...addresses.map((a) => `\tserver ${a} max_fails=1 fail_timeout=10s max_conns=0;`),
    ]
    upstreams.set(upstream, `upstream ${upstream} {\n${lines.join('\n')}\n}\n`)
    return upstream
  }
  const rewrites = rewritesOf(annotations['nginx.org/rewrites'])
  const location = (host: string, match: string, backend: any): string => {
    const upstream = upstreamOf(host, backend)
    // The controller sends these to a socket that answers 502.
    if (!upstream) return `\tlocation ${match} {\n\t\treturn 502;\n\t}\n`
    const rewrite = rewrites.get(backend.service.name) ?? ''
    return `\tlocation ${match} {
\t\tproxy_http_version 1.1;
\t\tproxy_connect_timeout ${option('proxy-connect-timeout', '60s')};
\t\tproxy_read_timeout ${option('proxy-read-timeout', '60s')};
\t\tclient_max_body_size ${option('client-max-body-size', '1m')};
\t\tproxy_set_header Host $host;
\t\tproxy_set_header X-Real-IP $remote_addr;
\t\tproxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
\t\tproxy_set_header X-Forwarded-Host $host;
\t\tproxy_set_header X-Forwarded-Port $server_port;
\t\tproxy_set_header X-Forwarded-Proto $scheme;
\t\tproxy_pass http://${upstream}${rewrite};
\t}
`
  }
  const servers: string[] = []
  for (const { host, http } of ingress.spec.rules ?? []) {
    if (!hosts.has(host)) continue
    const locations = new Map<string, string>()
    for (const { path = '/', pathType, backend } of http?.paths ?? [])
      for (const match of matches(path || '/', pathType)) locations.set(match, location(host, match, backend))
    if (!locations.has('/') && ingress.spec.defaultBackend)
      locations.set('/', location(host, '/', ingress.spec.defaultBackend))
    servers.push(server(ingress, host, [...locations.values()].join(''), view))
  }
  return `# configuration for ${namespace}/${name}\n${[...upstreams.values()].join('')}\n${servers.join('')}`
}

function server(ingress: KubeObject, host: string, locations: string, view: ClusterView): string {
  const { namespace, name, annotations = {} } = ingress.metadata
  const tls = (ingress.spec.tls ?? []).find((t: any) => t.hosts?.includes(host))
  const secret = tls?.secretName && view.secrets.get(`${namespace}/${tls.secretName}`)
  const lines = ['\tlisten 80;']
  if (tls) {
    lines.push('\tlisten 443 ssl;')
    // Without its secret every handshake is refused; here it is the plain answer.
    const file = `/etc/nginx/secrets/${namespace}-${tls.secretName}`
    if (secret) lines.push(`\tssl_certificate ${file};`, `\tssl_certificate_key ${file};`)
  }
  lines.push('\tserver_tokens on;', `\tserver_name ${host};`)
  const redirect = annotations['ingress.kubernetes.io/ssl-redirect'] ?? annotations['nginx.org/ssl-redirect'] ?? 'true'
  if (tls && redirect === 'true')
    lines.push('\tif ($scheme = http) {', '\t\treturn 301 https://$host:443$request_uri;', '\t}')
  return `server {\n${lines.join('\n')}\n\tset $resource_type "ingress";\n\tset $resource_name "${name}";\n\tset $resource_namespace "${namespace}";\n${locations}}\n`
}

function matches(path: string, pathType: string): string[] {
  if (pathType === 'Exact') return [`= ${path}`]
  if (pathType !== 'Prefix' || path === '/') return [path]
  const bare = path.replace(/\/+$/, '')
  return [`${bare}/`, `= ${bare}`]
}

function balancing(method: string): string | undefined {
  const word = method.trim()
  if (word === 'round_robin' || word === '') return undefined
  return word.startsWith('hash ') ? word : word.split(' ')[0]
}

/** `serviceName=tea-svc rewrite=/;serviceName=…` */
function rewritesOf(text: string | undefined): Map<string, string> {
  const out = new Map<string, string>()
  for (const part of (text ?? '').split(';')) {
    const m = /serviceName=(\S+)\s+rewrite=(\S+)/.exec(part)
    if (m) out.set(m[1]!, m[2]!)
  }
  return out
}

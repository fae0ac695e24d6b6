/** Arguments of the NGINX Ingress Controller that mean something here. */
export interface IngressOptions {
  ingressClass: string
  /** `namespace/name` */
  configMap: string | undefined
  /** `namespace/name` */
  defaultSecret: string | undefined
  healthStatus: boolean
  readyStatus: boolean
  readyPort: number
  nginxStatus: boolean
  nginxStatusPort: number
  reportStatus: boolean
  /** The name of a Service in the controller's namespace. */
  externalService: string | undefined
  /** One namespace only; all when undefined. */
  watchNamespace: string | undefined
}

/** Go's flag package: `-name=value`, `--name value`, `-name`. */
export function parseOptions(args: readonly string[]): IngressOptions | { unknown: string } {
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const m = /^--?([\w-]+)(?:=(.*))?$/s.exec(args[i]!)
    if (!m) break
    const name = m[1]!
    if (!VALUES.has(name) && !BOOLEANS.has(name)) return { unknown: name }
    given.set(name, m[2] ?? (VALUES.has(name) ? (args[++i] ?? '') : 'true'))
  }
  const bool = (name: string, initial: boolean) => (given.has(name) ? given.get(name) === 'true' : initial)
  return {
    ingressClass: given.get('ingress-class') ?? 'nginx',
    configMap: given.get('nginx-configmaps') || undefined,
    defaultSecret: given.get('default-server-tls-secret') || undefined,
    healthStatus: bool('health-status', false),
    readyStatus: bool('ready-status', true),
    readyPort: Number(given.get('ready-status-port') ?? 8081),
    nginxStatus: bool('nginx-status', true),
    nginxStatusPort: Number(given.get('nginx-status-port') ?? 8080),
    reportStatus: bool('report-ingress-status', false),
    externalService: given.get('external-service') || undefined,
    watchNamespace: given.get('watch-namespace') || undefined,
  }
}

const VALUES = new Set(
  'ingress-class nginx-configmaps default-server-tls-secret wildcard-tls-secret ready-status-port nginx-status-port nginx-status-allow-cidrs external-service watch-namespace watch-namespace-label health-status-uri global-configuration prometheus-metrics-listen-port leader-election-lock-name main-template-path ingress-template-path v nginx-reload-timeout log_dir stderrthreshold proxy'.split(
    ' ',
  ),
)
const BOOLEANS = new Set(
  'health-status ready-status nginx-status report-ingress-status enable-custom-resources enable-prometheus-metrics enable-leader-election enable-snippets enable-tls-passthrough enable-oidc enable-jwt enable-cert-manager enable-external-dns enable-preview-policies include-year logtostderr alsologtostderr nginx-debug nginx-plus version ingress-link disable-ipv6 enable-latency-metrics'.split(
    ' ',
  ),
)

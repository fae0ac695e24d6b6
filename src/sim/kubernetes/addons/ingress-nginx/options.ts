/** Arguments of ingress-nginx that mean something here. */
export interface IngressNginxOptions {
  /** `spec.controller` of the classes it serves. */
  controllerClass: string
  /** The class that the old annotation names. */
  ingressClass: string
  watchWithoutClass: boolean
  /** `namespace/name` */
  configMap: string | undefined
  /** `namespace/name` */
  defaultBackend: string | undefined
  /** `namespace/name` */
  defaultCertificate: string | undefined
  /** `namespace/name` of the Service whose address is published. */
  publishService: string | undefined
  publishAddress: string | undefined
  reportNodeAddress: boolean
  healthPort: number
  httpPort: number
  httpsPort: number
  watchNamespace: string | undefined
}

const VALUES =
  'election-id ingress-class controller-class configmap default-backend-service default-ssl-certificate publish-service publish-status-address healthz-port http-port https-port watch-namespace tcp-services-configmap udp-services-configmap validating-webhook validating-webhook-certificate validating-webhook-key annotations-prefix sync-period shutdown-grace-period status-update-interval v stderrthreshold election-ttl watch-namespace-selector profiler-port stream-port status-port ssl-passthrough-proxy-port maxmind-license-key'.split(
    ' ',
  )
const BOOLEANS =
  'watch-ingress-without-class report-node-internal-ip-address enable-metrics enable-ssl-passthrough ingress-class-by-name update-status update-status-on-shutdown logtostderr alsologtostderr force-namespace-isolation enable-annotation-validation disable-catch-all deep-inspect default-server-port version post-shutdown-grace-period exclude-socket-metrics'.split(
    ' ',
  )

/** pflag: `--name=value`, `--name value`, `--name`. */
export function parseOptions(args: readonly string[]): IngressNginxOptions | { unknown: string } {
  const given = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const m = /^--([\w-]+)(?:=(.*))?$/s.exec(args[i]!)
    if (!m) continue
    const name = m[1]!
    const takes = VALUES.includes(name)
    if (!takes && !BOOLEANS.includes(name)) return { unknown: name }
    given.set(name, m[2] ?? (takes ? (args[++i] ?? '') : 'true'))
  }
  const text = (name: string) => given.get(name) || undefined
  const port = (name: string, initial: number) => Number(given.get(name) ?? initial)
  return {
    controllerClass: text('controller-class') ?? 'k8s.io/ingress-nginx',
    ingressClass: text('ingress-class') ?? 'nginx',
    watchWithoutClass: given.get('watch-ingress-without-class') === 'true',
    configMap: text('configmap'),
    defaultBackend: text('default-backend-service'),
    defaultCertificate: text('default-ssl-certificate'),
    publishService: text('publish-service'),
    publishAddress: text('publish-status-address'),
    reportNodeAddress: given.get('report-node-internal-ip-address') === 'true',
    healthPort: port('healthz-port', 10254),
    httpPort: port('http-port', 80),
    httpsPort: port('https-port', 443),
    watchNamespace: text('watch-namespace'),
  }
}

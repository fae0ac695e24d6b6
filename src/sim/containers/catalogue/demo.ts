import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { published, serverImage } from './server.ts'

/** Small servers that documentation uses to show autoscaling and monitoring. */
export const demo: readonly CatalogueImage[] = [
  ...published(
    serverImage('hpa-example', 180_000_000, {
      path: '/usr/local/bin/apache2-foreground',
      busybox: true,
      ports: ['80'],
    }),
    ['registry.k8s.io/hpa-example', 'k8s.gcr.io/hpa-example'],
    ['latest'],
  ),
  ...published(
    serverImage('prometheus-example-app', 20_500_000, { path: '/bin/prometheus-example-app', ports: ['8080'] }),
    ['quay.io/brancz/prometheus-example-app', 'ghcr.io/rhobs/prometheus-example-app'],
    ['v0.5.0', 'latest', '0.3.0'],
  ),
]

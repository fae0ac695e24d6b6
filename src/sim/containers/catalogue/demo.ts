import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { published, serverImage } from './server.ts'

const helloApp = (version: string) =>
  serverImage('hello-app', 11_500_000, { ports: ['8080'] }).env('HELLO_VERSION', version)

/** Small servers that documentation uses to show autoscaling, monitoring, Services and Ingresses. */
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
  ...['gcr.io/google-samples/hello-app', 'us-docker.pkg.dev/google-samples/containers/gke/hello-app'].map(
    (repository) => ({ repository, tags: { '1.0': helloApp('1.0.0'), '2.0': helloApp('2.0.0') } }),
  ),
  ...published(
    serverImage('echo-server', 7_300_000, { path: '/bin/echo-server', ports: ['8080'] }),
    ['docker.io/kicbase/echo-server', 'docker.io/jmalloc/echo-server'],
    ['1.0', 'latest'],
  ),
]

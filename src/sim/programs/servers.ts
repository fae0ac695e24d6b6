import type { Program } from '../linux/process.ts'
import { agnhost } from './agnhost/index.ts'
import { amtool } from './alertmanager/amtool.ts'
import { alertmanager } from './alertmanager/index.ts'
import { blackboxExporter } from './blackbox-exporter/index.ts'
import { configmapReload, configReloader } from './config-reloader/index.ts'
import { echoServer } from './demo/echo-server.ts'
import { helloApp } from './demo/hello-app.ts'
import { hpaExample } from './demo/hpa-example.ts'
import { prometheusExampleApp } from './demo/prometheus-example-app.ts'
import { grafana } from './grafana/index.ts'
import { hello } from './hello/index.ts'
import { httpEcho } from './http-echo/index.ts'
import { httpd } from './httpd/index.ts'
import { mariadbPrograms } from './mariadb/index.ts'
import { nginx } from './nginx/index.ts'
import { nodePrograms } from './node/index.ts'
import { nodeExporter } from './node-exporter/index.ts'
import { pause } from './pause/index.ts'
import { prometheus } from './prometheus/index.ts'
import { promtool } from './prometheus/promtool.ts'
import { pushgateway } from './pushgateway/index.ts'
import { redisCli, redisServer } from './redis/index.ts'
import { registry } from './registry/index.ts'
import { setpriv, suExec } from './setpriv/index.ts'
import { sshd } from './ssh/server.ts'
import { wordpressEntrypoint, wordpressServer } from './wordpress/index.ts'

/** What images bring besides a userland, by the names their executables carry. One line each. */
export const servers: readonly (readonly [string, Program])[] = [
  ['nginx', nginx],
  ['pause', pause],
  ['prometheus', prometheus],
  ['promtool', promtool],
  ['grafana-server', grafana],
  ['alertmanager', alertmanager],
  ['amtool', amtool],
  ['node_exporter', nodeExporter],
  ['blackbox_exporter', blackboxExporter],
  ['pushgateway', pushgateway],
  ['prometheus-config-reloader', configReloader],
  ['configmap-reload', configmapReload],
  ['redis-server', redisServer],
  ['redis-cli', redisCli],
  ['registry', registry],
  ['setpriv', setpriv],
  ['su-exec', suExec],
  ['hello', hello],
  ['http-echo', httpEcho],
  ['agnhost', agnhost],
  ['httpd', httpd],
  ['wordpress-entrypoint', wordpressEntrypoint],
  ['apache2-foreground', wordpressServer],
  ['apache2', wordpressServer],
  ['sshd', sshd],
  ['hello-app', helloApp],
  ['echo-server', echoServer],
  ['hpa-example', hpaExample],
  ['prometheus-example-app', prometheusExampleApp],
  ...mariadbPrograms,
  ...nodePrograms,
]

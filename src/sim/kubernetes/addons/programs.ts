import type { Program } from '../../linux/process.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { kubernetesDashboard } from './dashboard/dashboard.ts'
import { metricsScraper } from './dashboard/metrics-scraper.ts'
import { webhookCertgen } from './ingress-nginx/certgen.ts'
import { ingressNginx } from './ingress-nginx/controller.ts'
import { kubeRbacProxy } from './kube-rbac-proxy/kube-rbac-proxy.ts'
import { kubeStateMetrics } from './kube-state-metrics/kube-state-metrics.ts'
import { metricsServer } from './metrics-server/metrics-server.ts'
import { nfsProvisioner } from './nfs-provisioner/provisioner.ts'
import { nginxIngress } from './nginx-ingress/controller.ts'
import { prometheusAdapter } from './prometheus-adapter/prometheus-adapter.ts'
import { prometheusOperator } from './prometheus-operator/operator.ts'
import { storageProvisioner } from './storage-provisioner/provisioner.ts'

/** The executables of add-ons' images that work with the cluster they run in, by the names the images give them. */
export function addonPrograms(server: ApiServer): [string, Program][] {
  return [
    ['storage-provisioner', storageProvisioner(server)],
    ['metrics-server', metricsServer(server)],
    ['nginx-ingress', nginxIngress(server)],
    ['ingress-nginx', ingressNginx(server)],
    ['kube-webhook-certgen', webhookCertgen(server)],
    ['nfs-subdir-external-provisioner', nfsProvisioner(server)],
    ['kube-rbac-proxy', kubeRbacProxy(server)],
    ['kube-state-metrics', kubeStateMetrics(server)],
    ['operator', prometheusOperator(server)],
    ['adapter', prometheusAdapter(server)],
    ['dashboard', kubernetesDashboard(server)],
    ['metrics-sidecar', metricsScraper(server)],
  ]
}

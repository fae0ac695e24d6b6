import { beforeAll, describe, expect, test } from 'vitest'
import { begin, type Traffic } from '../world.ts'

const definition = (plural: string, kind: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.monitoring.coreos.com}
spec:
  group: monitoring.coreos.com
  scope: Namespaced
  names: {plural: ${plural}, kind: ${kind}, singular: ${kind.toLowerCase()}}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`
const DEFINITIONS = ['Prometheus', 'Alertmanager', 'ServiceMonitor', 'PodMonitor', 'PrometheusRule']
  .map((kind) => definition(kind.endsWith('s') ? `${kind.toLowerCase()}es` : `${kind.toLowerCase()}s`, kind))
  .join('---\n')
const monitor = (name: string, labels: string, selector: string) => `---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: ${name}, labels: {${labels}}}
spec: {selector: {matchLabels: {${selector}}}, endpoints: [{port: web}]}
`
const rule = (name: string, team: string) => `---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: ${name}, labels: {team: ${team}}}
spec: {groups: [{name: ${name}, rules: [{alert: ${name}, expr: 'sum(rate(http_requests_total[1m])) > 0.5'}]}]}
`
const AUTOSCALER = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  maxReplicas: 5
  metrics: [{type: Pods, pods: {metric: {name: http_requests_per_second}, target: {type: AverageValue, averageValue: 300m}}}]
`

describe('kube-prometheus in small', () => {
  let t: Traffic
  const ask = async (query: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const text = await t.run(`curl -s worker:30090/api/v1/query --data-urlencode 'query=${query}'`)
    return JSON.parse(text).data.result
  }
  const pools = () =>
    t.run(`curl -s worker:30090/api/v1/targets | jq -r '.data.activeTargets[] | .scrapePool + " " + .health' | sort`)
  beforeAll(async () => {
    t = await begin('two-node')
    t.take('monitoring.yml')
    await t.run(`kubectl apply -f - <<'X'\n${DEFINITIONS}X
kubectl create ns monitoring; kubectl apply -f monitoring.yml
kubectl rollout status -n monitoring deploy tools; sleep 40`)
  }, 60_000)

  test('the operator has Prometheus watch what monitors select, and read the rules it selects; nothing else', async () => {
    expect(await pools()).toBe(
      `${'podMonitor/monitoring/exporters/0 up\n'.repeat(3)}serviceMonitor/monitoring/push/0 up\n`,
    )
    expect(await t.run('kubectl get hpa shop')).toContain('not found')
    await t.apply(
      monitor('wrong-team', 'team: other', 'app: shop') +
        monitor('wrong-service', 'team: shop', 'app: shopp') +
        monitor('shop', 'team: shop', 'app: shop') +
        rule('busy', 'shop') +
        rule('other', 'other') +
        AUTOSCALER,
    )
    await t.run('sleep 100')
    expect(await pools()).toContain('serviceMonitor/default/shop/0 up\n')
    expect(await pools()).not.toContain('wrong')
    expect(await t.run(`curl -s worker:30090/api/v1/rules | jq -r '.data.groups[].rules[].name'`)).toBe('busy\n')
    expect(await t.run('kubectl logs -n monitoring prometheus-k8s-0 -c config-reloader')).toContain('Reload triggered')
  })

  test('an autoscaler follows what the Pods count, through the adapter', async () => {
    expect(await t.run('kubectl describe hpa shop')).toContain(
      'unable to fetch metrics from custom metrics API: the server could not find the metric http_requests_per_second for pods',
    )
    await t.run(
      `kubectl create deploy load --image=busybox -- sh -c 'while sleep 1; do wget -qO- shop:8080; done'; sleep 90`,
    )
    const path = '/apis/custom.metrics.k8s.io/v1beta1'
    expect(await t.run(`kubectl get --raw ${path} | jq -r '.resources[].name'`)).toBe(
      'namespaces/http_requests_per_second\npods/http_requests_per_second\n',
    )
    expect(await t.run(`kubectl get --raw '${path}/namespaces/default/pods/*/http_requests_per_second'`)).toMatch(
      /"describedObject":\{"kind":"Pod","namespace":"default","name":"shop-\S+?","apiVersion":"\/v1"\}.*"value":"\d{3}m"/,
    )
    expect(await t.run(`kubectl get hpa shop --no-headers; kubectl describe hpa shop`)).toMatch(
      /^shop +Deployment\/shop +\d+m\/300m +1 +5 +[34] [\s\S]*New size: [34]; reason: pods metric http_requests_per_second above target/,
    )
    const alerts = `curl -s worker:30090/api/v1/alerts | jq -r '.data.alerts[] | .labels.alertname + " " + .state'`
    expect(await t.run(alerts)).toBe('busy firing\n')
  })

  test('Grafana draws its dashboard for curl, for who knows the password', async () => {
    expect(await t.run('curl -s -o /dev/null -w "%{http_code}" worker:30030/api/search')).toBe('401')
    expect(await t.run('curl -s -u admin:admin worker:30030/api/search | jq -r ".[].url"')).toBe('/d/shop/the-shop\n')
    expect(await t.run('curl -s -u admin:admin worker:30030/d/shop')).toMatch(
      /^The Shop\n[\s\S]*── Requests ─+\n +all .*[▁-█] [01]\.\d+\n[\s\S]*── Pods ─+\n.*[▁-█] [34]\n/,
    )
    await t.run('kubectl delete deploy load --now')
  })

  test('node-exporter tells of each node, kube-state-metrics of each object', async () => {
    const nodes = await ask('node_uname_info')
    expect(nodes.map(({ metric }) => metric.nodename).sort()).toEqual(['master', 'worker'])
    const [memory] = await ask('node_memory_MemTotal_bytes{node="worker"}')
    expect(await t.run('ssh worker grep MemTotal /proc/meminfo')).toContain(` ${Number(memory!.value[1]) / 1024} kB`)
    const before = Number((await ask('node_filesystem_avail_bytes{node="worker",mountpoint="/"}'))[0]!.value[1])
    await t.run(
      'ssh root@worker dd if=/dev/zero of=/var/big bs=1M count=64 2>/dev/null; kubectl label deploy shop a=b; sleep 20',
    )
    const after = Number((await ask('node_filesystem_avail_bytes{node="worker",mountpoint="/"}'))[0]!.value[1])
    expect(before - after).toBeGreaterThan(60e6)
    const [replicas] = await ask('kube_deployment_status_replicas_available{deployment="shop"}')
    expect(`${replicas!.value[1]}\n`).toBe(
      await t.run(`kubectl get deploy shop -o jsonpath='{.status.availableReplicas}'; echo`),
    )
    const phases = await ask('sum by (phase) (kube_pod_status_phase{namespace="default"}) > 0')
    expect(phases.map(({ metric }) => metric.phase)).toEqual(['Running'])
  })

  test('blackbox-exporter looks from outside; Pushgateway keeps what a job leaves until it is deleted', async () => {
    const probe = (module: string, target: string) =>
      t.run(
        `curl -s 'worker:30115/probe?module=${module}&target=${target}' | grep -E '^probe_(success|http_status_code)'`,
      )
    expect(await probe('http_2xx', 'shop.default:8080')).toBe('probe_http_status_code 200\nprobe_success 1\n')
    expect(await probe('http_2xx', 'shop.default:8080/err')).toBe('probe_http_status_code 404\nprobe_success 0\n')
    expect(await probe('http_2xx', 'shopp.default')).toBe('probe_http_status_code 0\nprobe_success 0\n')
    expect(await probe('tcp_connect', 'shop.default:8080')).toBe('probe_success 1\n')
    expect(await t.run(`curl -s 'worker:30115/probe?module=none&target=shop'`)).toBe('Unknown module "none"\n')
    const push = 'http://worker:30091/metrics/job/backup/instance/db'
    await t.run(`echo 'backup_seconds 12' | curl -s --data-binary @- ${push}; sleep 35`)
    const [seconds] = await ask('backup_seconds')
    expect([seconds!.metric.job, seconds!.metric.instance, seconds!.value[1]]).toEqual(['backup', 'db', '12'])
    expect(await t.run(`printf 'backup_seconds x\\n' | curl -s --data-binary @- ${push}`)).toContain(
      'text format parsing error',
    )
    await t.run(`curl -s -X DELETE ${push}; sleep 35`)
    expect(await ask('backup_seconds')).toEqual([])
  })
})

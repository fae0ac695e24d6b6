import { beforeAll, beforeEach, describe, test } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { NotesTerminal } from '../terminal.ts'

const OUT = 'export out="--dry-run=client -o yaml"'

const nginxConfig = (body: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: ngx-conf}
data:
  default.conf: |
    server {
      listen 80;
${body}    }
`

const release = (version: string, cause: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ngx-dep
  annotations: {kubernetes.io/change-cause: "${cause}"}
spec:
${more}  replicas: 4
  selector: {matchLabels: {app: ngx-dep}}
  template:
    metadata: {labels: {app: ngx-dep}}
    spec:
      volumes: [{name: ngx-conf-vol, configMap: {name: ngx-conf}}]
      containers:
      - image: nginx:${version}-alpine
        name: nginx
        ports: [{containerPort: 80}]
        volumeMounts: [{mountPath: /etc/nginx/conf.d, name: ngx-conf-vol}]
`

const course = (image: string, replicas = 2) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx-deployment, labels: {app: nginx}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      containers:
      - {name: nginx, image: "${image}", ports: [{containerPort: 80}]}
`

describe('Rollouts, health, quotas, metrics', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('two-node')
  })
  beforeEach(() => t.home())

  test('a rolling update is watched, told in its history, and taken back', async () => {
    t.write(
      'conf.yml',
      nginxConfig(`      location / {
        default_type text/plain;
        return 200
          'ver : $nginx_version\\nsrv : $server_addr:$server_port\\nhost: $hostname\\n';
      }
`),
    )
    t.write('ngx-v1.yml', release('1.21', 'v1, ngx=1.21'))
    t.write('ngx-v2.yml', release('1.22', 'update to v2, ngx=1.22', '  minReadySeconds: 15\n'))
    await t.does(
      ['kubectl apply -f conf.yml -f ngx-v1.yml', 'deployment.apps/ngx-dep created'],
      ['kubectl rollout status deployment ngx-dep', 'deployment "ngx-dep" successfully rolled out'],
      ['kubectl expose deploy ngx-dep --port=80 --target-port=80 --name=ngx-svc', 'service/ngx-svc exposed'],
      ['kubectl port-forward svc/ngx-svc 8080:80 &', /^\[1\] \d+$/m],
      ['curl -s 127.1:8080', /^ver : 1\.21\.\d+$/m],
      ['kill %1'],
      ['kubectl apply -f ngx-v2.yml', 'deployment.apps/ngx-dep configured'],
      [
        'kubectl rollout status deployment ngx-dep',
        /Waiting for deployment "ngx-dep" rollout to finish: \d out of 4 new replicas have been updated\.\.\./,
        '1 old replicas are pending termination...',
        'deployment "ngx-dep" successfully rolled out',
      ],
      [
        'kubectl describe deploy ngx-dep',
        /Scaled up replica set ngx-dep-\w+ from 0 to 1/,
        /Scaled down replica set ngx-dep-\w+ from 4 to 3/,
        /MinReadySeconds: +15/,
      ],
      ['kubectl port-forward svc/ngx-svc 8080:80 &', /^\[1\] \d+$/m],
      ['curl -s 127.1:8080', /^ver : 1\.22\.\d+$/m],
      ['kill %1'],
      ['kubectl rollout history deploy ngx-dep', /^1 +v1, ngx=1\.21\n2 +update to v2, ngx=1\.22$/m],
      [
        'kubectl rollout history deploy --revision=2',
        'deployment.apps/ngx-dep with revision #2',
        /Image:\s+nginx:1\.22-alpine/,
      ],
      ['kubectl rollout undo deploy ngx-dep', 'deployment.apps/ngx-dep rolled back'],
      ['kubectl rollout status deployment ngx-dep', 'successfully rolled out'],
      ["kubectl get deploy ngx-dep -o jsonpath='{..image}'; echo", 'nginx:1.21-alpine'],
      ['kubectl rollout undo deploy ngx-dep --to-revision=2', 'deployment.apps/ngx-dep rolled back'],
      ['kubectl rollout status deployment ngx-dep', 'successfully rolled out'],
      ['kubectl rollout history deploy ngx-dep', /^3 +v1, ngx=1\.21\n4 +update to v2, ngx=1\.22$/m],
      ['kubectl scale --replicas=2 deploy ngx-dep', 'deployment.apps/ngx-dep scaled'],
      ['kubectl delete deploy/ngx-dep svc/ngx-svc', 'deployment.apps "ngx-dep" deleted'],
    )
  })

  test('ReplicaSets behind a Deployment; a wrong image stops half-way and is undone', async () => {
    t.write('nginx-deployment.yaml', course('nginx:1.7.9', 3))
    await t.does(
      [
        'kubectl create -f nginx-deployment.yaml --record',
        'Flag --record has been deprecated',
        'nginx-deployment created',
      ],
      ['kubectl rollout status deploy/nginx-deployment', 'successfully rolled out'],
      ['kubectl get rs', /^nginx-deployment-\w+ +3 +3 +3 +/m],
      [
        "kubectl get deploy nginx-deployment -o yaml | sed 's/nginx:1.7.9/nginx:1.9.1/' | kubectl replace -f -",
        'deployment.apps/nginx-deployment replaced',
      ],
      ['kubectl rollout status deploy/nginx-deployment', 'successfully rolled out'],
      [
        'kubectl describe deployment nginx-deployment',
        /Normal +ScalingReplicaSet +\S+ +deployment-controller +Scaled up replica set nginx-deployment-\w+ from 2 to 3/,
        /Scaled down replica set nginx-deployment-\w+ from 1 to 0/,
      ],
      ['kubectl get rs', /^nginx-deployment-\w+ +3 +3 +3 /m, /^nginx-deployment-\w+ +0 +0 +0 /m],
      [
        'kubectl set image deployment/nginx-deployment nginx=nginx:1.91',
        'deployment.apps/nginx-deployment image updated',
      ],
      ['sleep 30; kubectl get rs', /^nginx-deployment-\w+ +3 +3 +3 /m, /^nginx-deployment-\w+ +1 +1 +0 /m],
      ['kubectl get pod', /0\/1 +(ErrImagePull|ImagePullBackOff)/],
      ['kubectl rollout undo deployment/nginx-deployment', 'deployment.apps/nginx-deployment rolled back'],
      ['kubectl rollout history deployment/nginx-deployment', /^REVISION +CHANGE-CAUSE\n1 .*\n3 .*\n4 /m],
      [
        'kubectl rollout undo deployment/nginx-deployment --to-revision=1',
        'deployment.apps/nginx-deployment rolled back',
      ],
      [
        'kubectl rollout undo deployment/nginx-deployment --to-revision=2',
        'unable to find specified revision 2 in history',
      ],
      ['kubectl patch deploy nginx-deployment -p \'{"spec":{"revisionHistoryLimit":0}}\'', 'patched'],
      ['sleep 15; kubectl get rs --no-headers | wc -l', /^1$/m],
      [
        'kubectl rollout undo deployment/nginx-deployment',
        'error: no rollout history found for deployment "nginx-deployment"',
      ],
      ['kubectl delete deploy nginx-deployment', 'deployment.apps "nginx-deployment" deleted'],
    )
  })

  test('resources and the three probes', async () => {
    t.write('ready.yml', nginxConfig("      location = /ready {\n        return 200 'I am ready';\n      }\n"))
    t.write(
      'resources.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: ngx-pod-resources}
spec:
  containers:
  - {image: "nginx:alpine", name: ngx, resources: {requests: {cpu: 10m, memory: 100Mi}, limits: {cpu: 20m, memory: 200Mi}}}
`,
    )
    t.write(
      'probe.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: ngx-pod-probe}
spec:
  volumes: [{name: ngx-conf-vol, configMap: {name: ngx-conf}}]
  containers:
  - image: nginx:alpine
    name: ngx
    ports: [{containerPort: 80}]
    volumeMounts: [{mountPath: /etc/nginx/conf.d, name: ngx-conf-vol}]
    startupProbe: {periodSeconds: 1, exec: {command: ["cat", "/var/run/nginx.pid"]}}
    livenessProbe: {periodSeconds: 10, tcpSocket: {port: 80}}
    readinessProbe: {periodSeconds: 5, httpGet: {path: /ready, port: 80}}
`,
    )
    await t.does(
      ['kubectl apply -f resources.yml', 'pod/ngx-pod-resources created'],
      ['kubectl wait --for=condition=Ready pod/ngx-pod-resources', 'condition met'],
      ['kubectl describe pod ngx-pod-resources', /QoS Class: +Burstable/, /Limits:\s+cpu: +20m\s+memory: +200Mi/],
      ['kubectl apply -f ready.yml', 'configmap/ngx-conf configured'],
      ['kubectl apply -f probe.yml', 'pod/ngx-pod-probe created'],
      ['kubectl wait --for=condition=Ready pod/ngx-pod-probe', 'condition met'],
      ['kubectl get pod', /^ngx-pod-probe +1\/1 +Running +0 /m],
      ['sleep 20; kubectl logs ngx-pod-probe', /"GET \/ready HTTP\/1\.1" 200 10 .*"kube-probe\/1\.36"/],
      ['kubectl delete pod --all --now', 'pod "ngx-pod-probe" deleted'],
    )
  })

  test('namespaces, quotas and default limits', async () => {
    t.write(
      'ns-pod.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: ngx, namespace: test-ns}
spec: {containers: [{image: "nginx:alpine", name: ngx}]}
`,
    )
    t.write(
      'quota-ns.yml',
      `apiVersion: v1
kind: Namespace
metadata: {name: dev-ns}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: dev-qt, namespace: dev-ns}
spec:
  hard:
    requests.cpu: 10
    requests.memory: 10Gi
    limits.cpu: 10
    limits.memory: 20Gi
    requests.storage: 100Gi
    persistentvolumeclaims: 100
    pods: 100
    configmaps: 100
    secrets: 100
    services: 10
    count/jobs.batch: 1
    count/cronjobs.batch: 1
    count/deployments.apps: 1
`,
    )
    t.write(
      'limits.yml',
      `apiVersion: v1
kind: LimitRange
metadata: {name: dev-limits, namespace: dev-ns}
spec:
  limits:
  - {type: Container, defaultRequest: {cpu: 200m, memory: 50Mi}, default: {cpu: 500m, memory: 100Mi}}
  - {type: Pod, max: {cpu: 800m, memory: 200Mi}}
`,
    )
    await t.does(
      ['kubectl create ns test-ns', 'namespace/test-ns created'],
      [
        'kubectl get ns',
        /^default +Active/m,
        /^kube-node-lease +Active/m,
        /^kube-public +Active/m,
        /^test-ns +Active/m,
      ],
      ['kubectl apply -f ns-pod.yml', 'pod/ngx created'],
      ['kubectl get pod', 'No resources found in default namespace.'],
      ['kubectl get pod -n test-ns', /^ngx +/m],
      ['kubectl delete ns test-ns', 'namespace "test-ns" deleted'],
      ['kubectl get pod -n test-ns', 'No resources found in test-ns namespace.'],
      [OUT],
      ['kubectl create quota dev-qt $out', /^kind: ResourceQuota$/m],
      ['kubectl apply -f quota-ns.yml', 'namespace/dev-ns created', 'resourcequota/dev-qt created'],
      ['kubectl get quota -n dev-ns', /^dev-qt +.*count\/deployments\.apps: 0\/1/m, /limits\.cpu: 0\/10/],
      [
        'kubectl describe quota -n dev-ns',
        /^count\/jobs\.batch +0 +1$/m,
        /^requests\.storage +0 +100Gi$/m,
        /^configmaps +1 +100$/m,
      ],
      ['kubectl create job one -n dev-ns --image=busybox -- echo hi', 'job.batch/one created'],
      [
        'kubectl create job two -n dev-ns --image=busybox -- echo hi',
        'exceeded quota: dev-qt, requested: count/jobs.batch=1, used: count/jobs.batch=1, limited: count/jobs.batch=1',
      ],
      [
        'kubectl run ngx --image=nginx:alpine -n dev-ns',
        'Error from server (Forbidden): pods "ngx" is forbidden: failed quota: dev-qt: must specify limits.cpu for: ngx; limits.memory for: ngx; requests.cpu for: ngx; requests.memory for: ngx',
      ],
      ['kubectl apply -f limits.yml', 'limitrange/dev-limits created'],
      ['kubectl describe limits -n dev-ns', /^Container +cpu +- +- +200m +500m +-$/m, /^Pod +cpu +- +800m +- +- +-$/m],
      ['kubectl run ngx --image=nginx:alpine -n dev-ns', 'pod/ngx created'],
      [
        'kubectl describe pod ngx -n dev-ns',
        /Limits:\s+cpu: +500m\s+memory: +100Mi/,
        /Requests:\s+cpu: +200m\s+memory: +50Mi/,
      ],
      ['kubectl describe quota -n dev-ns', /^limits\.cpu +(500m|1) +10$/m],
      ['kubectl delete ns dev-ns', 'namespace "dev-ns" deleted'],
    )
  })

  test('metrics-server, after its certificate check is off, lets top and the autoscaler see', async () => {
    t.write('components.yaml', manifest('metrics-server.yaml'))
    t.write('hpa-dep.yml', manifest('hpa-dep.yml'))
    t.write('hpa.yml', manifest('hpa.yml'))
    await t.does(
      ['kubectl top node', 'error: Metrics API not available'],
      ['repo=registry.aliyuncs.com/google_containers'],
      ['name=k8s.gcr.io/metrics-server/metrics-server:v0.6.1; src_name=metrics-server:v0.6.1'],
      ['docker pull $repo/$src_name', 'Status: Downloaded newer image'],
      ['docker tag $repo/$src_name $name; docker rmi $repo/$src_name', 'Untagged: registry.aliyuncs.com'],
      ['kubectl apply -f components.yaml', 'deployment.apps/metrics-server created'],
      ['kubectl rollout status -n kube-system deploy/metrics-server', 'successfully rolled out'],
      ['kubectl get pod -n kube-system', /^metrics-server-\S+ +1\/1 +Running/m],
      ['sleep 60; kubectl top node', /^worker +\d+m +\d+% +\d+Mi +\d+% *$/m],
      ['kubectl top pod -n kube-system', /^metrics-server-\S+ +\d+m +\d+Mi *$/m],
      ['kubectl apply -f hpa-dep.yml', 'deployment.apps/ngx-hpa-dep created', 'service/ngx-hpa-svc created'],
      [OUT],
      [
        'kubectl autoscale deploy ngx-hpa-dep --min=2 --max=10 --cpu-percent=5 $out',
        /^kind: HorizontalPodAutoscaler$/m,
        /^ {2}maxReplicas: 10$/m,
      ],
      ['kubectl apply -f hpa.yml', 'horizontalpodautoscaler.autoscaling/ngx-hpa created'],
      ['sleep 60; kubectl get hpa', /^ngx-hpa +Deployment\/ngx-hpa-dep +cpu: \d+%\/5% +2 +10 +2 +/m],
      ['kubectl get deploy ngx-hpa-dep', /^ngx-hpa-dep +2\/2 /m],
    )
  })
})

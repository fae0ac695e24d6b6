import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { NotesTerminal } from '../terminal.ts'

const OUT = 'export out="--dry-run=client -o yaml"'
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane'

const deployment = (replicas: number, more = '', container = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ngx-dep, labels: {app: ngx-dep}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ngx-dep}}
  template:
    metadata: {labels: {app: ngx-dep}}
    spec:
${more}      containers:
      - image: nginx:alpine
        name: nginx
        ports: [{containerPort: 80}]
${container}`

describe('Two nodes: Deployment, DaemonSet, Service, Ingress', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('two-node')
  })
  beforeEach(() => t.home())

  test('the cluster has a master and a worker, and Pods go to the worker', async () => {
    await t.does(
      ['kubectl get node', /^master +Ready +control-plane +/m, /^worker +Ready +<none> +/m],
      ['kubectl run ngx --image=nginx:alpine', 'pod/ngx created'],
      ['kubectl wait --for=condition=Ready pod/ngx', 'condition met'],
      ['kubectl get pod -o wide', /^ngx +1\/1 +Running .* 10\.10\.\d+\.\d+ +worker /m],
      ['kubectl delete pod ngx', 'pod "ngx" deleted'],
    )
  })

  test('a Deployment is outlined, applied, scaled, found by its label and deleted', async () => {
    t.write('deploy.yml', deployment(2))
    await t.does(
      [OUT],
      ['kubectl create deploy ngx-dep --image=nginx:alpine $out', /^kind: Deployment$/m, /^ {2}replicas: 1$/m],
      ['kubectl apply -f deploy.yml', 'deployment.apps/ngx-dep created'],
      ['kubectl rollout status deploy ngx-dep', 'successfully rolled out'],
      ['kubectl get deploy', /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nngx-dep +2\/2 +2 +2 +/m],
      ['kubectl get pod', /^ngx-dep-\w{8,10}-\w{5} +1\/1 +Running/m],
      ['kubectl scale --replicas=5 deploy ngx-dep', 'deployment.apps/ngx-dep scaled'],
      ['kubectl rollout status deploy ngx-dep', 'successfully rolled out'],
      ['kubectl get pod -l app=nginx', 'No resources found in default namespace.'],
      ["kubectl get pod -l 'app in (ngx, nginx, ngx-dep)'", /(^ngx-dep-.* Running .*\n){5}/m],
      ['kubectl delete deploy ngx-dep', 'deployment.apps "ngx-dep" deleted'],
    )
  })

  test('a DaemonSet stays off a tainted master until it tolerates the taint, or the taint goes', async () => {
    const set = (toleration: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: redis-ds, labels: {app: redis-ds}}
spec:
  selector: {matchLabels: {name: redis-ds}}
  template:
    metadata: {labels: {name: redis-ds}}
    spec:
      containers:
      - {image: "redis:5-alpine", name: redis, ports: [{containerPort: 6379}]}
${toleration}`
    const tolerating = (key: string) => `      tolerations:
      - {key: ${key}, effect: NoSchedule, operator: Exists}
`
    t.write('ds.yml', set(''))
    t.write('ds-old.yml', set(tolerating('node-role.kubernetes.io/master')))
    t.write('ds-new.yml', set(tolerating(CONTROL_PLANE)))
    // Indented as printed, where the fields of the toleration have slipped out of its list.
    t.write(
      'ds-slipped.yml',
      set(
        '      tolerations:\n      - key: node-role.kubernetes.io/master\n      effect: NoSchedule\n      operator: Exists\n',
      ),
    )
    await t.does(
      [OUT],
      // It has no generator of its own; a Deployment's outline is changed by hand.
      ['kubectl create ds redis-ds --image=redis:5-alpine', 'error: unknown flag: --image'],
      ['kubectl create deploy redis-ds --image=redis:5-alpine $out', 'image: redis:5-alpine'],
      ['kubectl apply -f ds-slipped.yml', /strict decoding error: unknown field "spec.template.spec.effect"/],
      ['kubectl apply -f ds.yml', 'daemonset.apps/redis-ds created'],
      ['kubectl rollout status ds redis-ds', 'successfully rolled out'],
      ['kubectl get pod -o wide', /^redis-ds-\w{5} .* worker /m, { never: / master / }],
      [
        'kubectl describe node master',
        /^Roles: +control-plane$/m,
        /^Taints: +node-role\.kubernetes\.io\/control-plane:NoSchedule$/m,
      ],
      ['kubectl describe node worker', /^Roles: +<none>$/m, /^Taints: +<none>$/m],
      // The taint was called master before v1.24: now it is not found, and to tolerate it changes nothing.
      [
        'kubectl taint node master node-role.kubernetes.io/master:NoSchedule-',
        'error: taint "node-role.kubernetes.io/master:NoSchedule" not found',
      ],
      ['kubectl apply -f ds-old.yml', 'daemonset.apps/redis-ds configured'],
      ['sleep 20; kubectl get ds', /^redis-ds +1 +1 +1 +1 +1 +<none>/m],
      ['kubectl apply -f ds-new.yml', 'daemonset.apps/redis-ds configured'],
      ['sleep 20; kubectl get ds', /^redis-ds +2 +2 +2 +2 +2 +<none>/m],
      ['kubectl apply -f ds.yml', 'daemonset.apps/redis-ds configured'],
      ['sleep 20; kubectl get ds', /^redis-ds +1 +1 +1 +1 +1 +<none>/m],
      [`kubectl taint node master ${CONTROL_PLANE}:NoSchedule-`, 'node/master untainted'],
      ['sleep 20; kubectl get pod -o wide', /^redis-ds-.* master /m, /^redis-ds-.* worker /m],
      [`kubectl taint node master ${CONTROL_PLANE}:NoSchedule`, 'node/master tainted'],
      ['kubectl delete ds redis-ds', 'daemonset.apps "redis-ds" deleted'],
    )
  })

  test('a Service spreads requests, by its address and by its names', async () => {
    t.write(
      'conf.yml',
      `apiVersion: v1
kind: ConfigMap
metadata: {name: ngx-conf}
data:
  default.conf: |
    server {
      listen 80;
      location / {
        default_type text/plain;
        return 200
          'srv : $server_addr:$server_port\\nhost: $hostname\\nuri : $request_method $host $request_uri\\ndate: $time_iso8601\\n';
      }
    }
`,
    )
    t.write(
      'ngx-deploy.yml',
      deployment(
        2,
        '      volumes:\n      - {name: ngx-conf-vol, configMap: {name: ngx-conf}}\n',
        '        volumeMounts: [{mountPath: /etc/nginx/conf.d, name: ngx-conf-vol}]\n',
      ),
    )
    t.write(
      'svc.yml',
      `apiVersion: v1
kind: Service
metadata: {name: ngx-svc}
spec:
  selector: {app: ngx-dep}
  ports: [{port: 80, targetPort: 80, protocol: TCP}]
`,
    )
    await t.does(
      [OUT],
      ['kubectl expose deploy ngx-dep --port=80 --target-port=80 $out', 'deployments.apps "ngx-dep" not found'],
      ['kubectl apply -f conf.yml -f ngx-deploy.yml', 'configmap/ngx-conf created', 'deployment.apps/ngx-dep created'],
      ['kubectl expose deploy ngx-dep --port=80 --target-port=80 $out', /^kind: Service$/m, /^ {4}app: ngx-dep$/m],
      ['kubectl apply -f svc.yml', 'service/ngx-svc created'],
      ['kubectl rollout status deploy ngx-dep', 'successfully rolled out'],
      ['kubectl get svc', /^ngx-svc +ClusterIP +10\.\d+\.\d+\.\d+ +<none> +80\/TCP/m],
      ['kubectl describe svc ngx-svc', /^Endpoints: +10\.10\.\d+\.\d+:80,10\.10\.\d+\.\d+:80$/m],
      ['kubectl exec -it deploy/ngx-dep -- sh', /\/ # $/],
      ['curl -s ngx-svc', /^srv : 10\.10\.\d+\.\d+:80\nhost: ngx-dep-\S+\nuri : GET ngx-svc \/\ndate: 2026-/m],
      ['curl -s ngx-svc.default', 'uri : GET ngx-svc.default /'],
      ['curl -s ngx-svc.default.svc.cluster.local', 'GET ngx-svc.default.svc.cluster.local /'],
      ['for i in $(seq 40); do curl -s ngx-svc | grep host; done | sort -u | wc -l', /^2$/m],
      ['ping -c 1 -W 1 ngx-svc', '100% packet loss'],
      ['exit'],
    )
    const list = await t.run('kubectl get svc ngx-svc; kubectl get pod -o wide')
    const [address] = /10\.96\.\d+\.\d+|10\.1\d\d\.\d+\.\d+/.exec(list)!
    const [pod] = /10\.10\.\d+\.\d+/.exec(list)!
    await t.does(
      [`kubectl exec -it deploy/ngx-dep -- curl -s ${address}`, `uri : GET ${address} /`],
      [`kubectl exec -it deploy/ngx-dep -- curl -s ${pod.replaceAll('.', '-')}.default.pod`, `srv : ${pod}:80`],
      [`ssh worker curl -s ${address}`, `uri : GET ${address} /`],
      // This cluster's names are served by each node, so there is no Deployment of that name to restart.
      ['kubectl -n kube-system rollout restart deployment coredns', /restarted|deployments.apps "coredns" not found/],
    )
  })

  test('NodePort opens a port of every node; other network settings are as the chapter gives them', async () => {
    await t.does(
      ['kubectl expose deploy ngx-dep --port=80 --type=NodePort --name=ngx-node', 'service/ngx-node exposed'],
      ['kubectl get svc ngx-node', /^ngx-node +NodePort +10\.\S+ +<none> +80:3[0-2]\d{3}\/TCP/m],
    )
    const port = /80:(\d+)\/TCP/.exec(await t.run('kubectl get svc ngx-node'))![1]
    await t.does(
      [`curl -s http://192.168.10.220:${port}/x`, `uri : GET 192.168.10.220 /x`],
      [`curl -s http://192.168.10.210:${port}/`, /^host: ngx-dep-/m],
      ['kubectl delete svc ngx-node', 'service "ngx-node" deleted'],
      ['ssh worker ip addr show', /inet 192\.168\.10\.220\/24/],
      ['ssh root@worker systemctl daemon-reload'],
      ['ssh root@worker systemctl restart kubelet', { never: /[Ff]ailed|not found/ }],
      ['sleep 30; kubectl get node worker', /^worker +Ready +/m],
    )
  })

  test('an Ingress is outlined, applied with its class, and served by its controller', async () => {
    t.write(
      'ingress.yml',
      `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: ngx-ink}
spec: {controller: nginx.org/ingress-controller}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ngx-ing, annotations: {nginx.org/lb-method: round_robin}}
spec:
  ingressClassName: ngx-ink
  rules:
  - host: ngx.test
    http:
      paths: [{path: /, pathType: Exact, backend: {service: {name: ngx-svc, port: {number: 80}}}}]
`,
    )
    t.write('setup.yml', manifest('ingress-setup.yml'))
    t.write('kic.yml', KIC)
    await t.does(
      [OUT],
      [
        'kubectl create ing ngx-ing --rule="ngx.test/=ngx-svc:80" --class=ngx-ink $out',
        'host: ngx.test',
        'ingressClassName: ngx-ink',
        'pathType: Exact',
      ],
      [
        'kubectl apply -f ingress.yml',
        'ingressclass.networking.k8s.io/ngx-ink created',
        'ingress.networking.k8s.io/ngx-ing created',
      ],
      ['kubectl get ingressclass', /^ngx-ink +nginx\.org\/ingress-controller +<none> +/m],
      ['kubectl get ing', /^ngx-ing +ngx-ink +ngx\.test +80 +/m],
      [
        'kubectl describe ing ngx-ing',
        /^ +ngx\.test +\n +\/ +ngx-svc:80 \(10\.10\.\S+:80,10\.10\.\S+:80\)$/m,
        'nginx.org/lb-method: round_robin',
      ],
      ['kubectl apply -f setup.yml', 'namespace/nginx-ingress created', 'secret/default-server-secret created'],
      ['kubectl apply -f kic.yml', 'deployment.apps/ngx-kic-dep created'],
      ['kubectl rollout status deploy -n nginx-ingress ngx-kic-dep', 'successfully rolled out'],
      ['kubectl get deploy -n nginx-ingress', /^ngx-kic-dep +1\/1 +1 +1 +/m],
      ['kubectl get pod -n nginx-ingress', /^ngx-kic-dep-\S+ +1\/1 +Running/m],
    )
    const [pod] = /ngx-kic-dep-\S+/.exec(await t.run('kubectl get pod -n nginx-ingress'))!
    await t.does(
      [`kubectl port-forward -n nginx-ingress ${pod} 8080:80 &`, /^\[1\] \d+$/m],
      [
        'curl -s --resolve ngx.test:8080:127.0.0.1 http://ngx.test:8080',
        /^srv : 10\.10\.\S+:80$/m,
        'uri : GET ngx.test /',
      ],
      ['curl -s http://127.0.0.1:8080', '404 Not Found'],
      ['kill %1'],
      ['kubectl delete -f ngx-deploy.yml -f svc.yml', 'deployment.apps "ngx-dep" deleted', 'service "ngx-svc" deleted'],
      [
        'kubectl delete -f ingress.yml -f kic.yml',
        'ingress.networking.k8s.io "ngx-ing" deleted',
        '"ngx-kic-dep" deleted',
      ],
      ['kubectl get pod', 'No resources found in default namespace.'],
    )
    expect(await t.run('kubectl get ing')).toContain('No resources found in default namespace.')
  })
})

const KIC = `apiVersion: apps/v1
kind: Deployment
metadata: {name: ngx-kic-dep, namespace: nginx-ingress}
spec:
  replicas: 1
  selector: {matchLabels: {app: ngx-kic-dep}}
  template:
    metadata: {labels: {app: ngx-kic-dep, app.kubernetes.io/name: nginx-ingress}}
    spec:
      serviceAccountName: nginx-ingress
      automountServiceAccountToken: true
      securityContext: {seccompProfile: {type: RuntimeDefault}}
      containers:
      - image: nginx/nginx-ingress:2.2-alpine
        imagePullPolicy: IfNotPresent
        name: nginx-ingress
        ports:
        - {name: http, containerPort: 80}
        - {name: https, containerPort: 443}
        - {name: readiness-port, containerPort: 8081}
        - {name: prometheus, containerPort: 9113}
        readinessProbe: {httpGet: {path: /nginx-ready, port: readiness-port}, periodSeconds: 1}
        resources: {requests: {cpu: "100m", memory: "128Mi"}}
        securityContext:
          allowPrivilegeEscalation: true
          runAsUser: 101
          runAsNonRoot: true
          capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}
        env:
        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        args:
        - --ingress-class=ngx-ink
        - -health-status
        - -ready-status
        - -nginx-status
        - -nginx-configmaps=$(POD_NAMESPACE)/nginx-config
        - -default-server-tls-secret=$(POD_NAMESPACE)/default-server-secret
`

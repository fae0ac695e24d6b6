import type { Addon } from './addon.ts'

const IMAGES = [
  'registry.k8s.io/ingress-nginx/controller:v1.14.0',
  'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.4',
] as const
const COMMON = 'app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/instance: ingress-nginx'
const labels = (component: string) => `{${COMMON}, app.kubernetes.io/component: ${component}}`

const binding = (name: string, cluster: boolean, component: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${cluster ? 'Cluster' : ''}RoleBinding
metadata: {name: ${name}${cluster ? '' : ', namespace: ingress-nginx'}, labels: ${labels(component)}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${cluster ? 'Cluster' : ''}Role, name: ${name}}
subjects:
- {kind: ServiceAccount, name: ${name}, namespace: ingress-nginx}
---
`

const job = (name: string, args: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: ingress-nginx-admission-${name}, namespace: ingress-nginx, labels: ${labels('admission-webhook')}}
spec:
  template:
    metadata: {name: ingress-nginx-admission-${name}, labels: ${labels('admission-webhook')}}
    spec:
      restartPolicy: OnFailure
      serviceAccountName: ingress-nginx-admission
      securityContext: {runAsNonRoot: true, runAsUser: 2000}
      containers:
      - name: ${name}
        image: ${IMAGES[1]}
        imagePullPolicy: IfNotPresent
        args: [${name}, --namespace=$(POD_NAMESPACE), --secret-name=ingress-nginx-admission, ${args}]
        env: [{name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
---
`

const MANIFEST = `apiVersion: v1
kind: Namespace
metadata: {name: ingress-nginx, labels: {${COMMON}}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ingress-nginx, namespace: ingress-nginx, labels: ${labels('controller')}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx, labels: ${labels('controller')}}
data: {hsts: "false"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: tcp-services, namespace: ingress-nginx, labels: ${labels('controller')}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: udp-services, namespace: ingress-nginx, labels: ${labels('controller')}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ingress-nginx, labels: {${COMMON}}}
rules:
- {apiGroups: [""], resources: [configmaps, endpoints, nodes, pods, secrets, namespaces], verbs: [list, watch]}
- {apiGroups: [""], resources: [nodes], verbs: [get]}
- {apiGroups: [""], resources: [services], verbs: [get, list, watch]}
- {apiGroups: [networking.k8s.io], resources: [ingresses], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [events], verbs: [create, patch]}
- {apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update]}
- {apiGroups: [networking.k8s.io], resources: [ingressclasses], verbs: [get, list, watch]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch, get]}
---
${binding('ingress-nginx', true, 'controller')}apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: ingress-nginx, namespace: ingress-nginx, labels: ${labels('controller')}}
rules:
- {apiGroups: [""], resources: [namespaces], verbs: [get]}
- {apiGroups: [""], resources: [configmaps, pods, secrets, endpoints], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [services], verbs: [get, list, watch]}
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}
- {apiGroups: [""], resources: [events], verbs: [create, patch]}
---
${binding('ingress-nginx', false, 'controller')}apiVersion: v1
kind: Service
metadata: {name: ingress-nginx-controller-admission, namespace: ingress-nginx, labels: ${labels('controller')}}
spec:
  type: ClusterIP
  ports: [{name: https-webhook, port: 443, targetPort: webhook, appProtocol: https}]
  selector: ${labels('controller')}
---
apiVersion: v1
kind: Service
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx, labels: ${labels('controller')}}
spec:
  type: NodePort
  ports:
  - {name: http, port: 80, protocol: TCP, targetPort: http, appProtocol: http}
  - {name: https, port: 443, protocol: TCP, targetPort: https, appProtocol: https}
  selector: ${labels('controller')}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx, labels: ${labels('controller')}}
spec:
  revisionHistoryLimit: 10
  minReadySeconds: 0
  selector: {matchLabels: ${labels('controller')}}
  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}
  template:
    metadata: {labels: {${COMMON}, app.kubernetes.io/component: controller, gcp-auth-skip-secret: "true"}}
    spec:
      dnsPolicy: ClusterFirst
      serviceAccountName: ingress-nginx
      nodeSelector: {kubernetes.io/os: linux, minikube.k8s.io/primary: "true"}
      tolerations: [{key: node-role.kubernetes.io/master, operator: Equal, effect: NoSchedule}]
      volumes: [{name: webhook-cert, secret: {secretName: ingress-nginx-admission}}]
      containers:
      - name: controller
        image: ${IMAGES[0]}
        imagePullPolicy: IfNotPresent
        lifecycle: {preStop: {exec: {command: [/wait-shutdown]}}}
        args:
        - /nginx-ingress-controller
        - --election-id=ingress-nginx-leader
        - --controller-class=k8s.io/ingress-nginx
        - --watch-ingress-without-class=true
        - --configmap=$(POD_NAMESPACE)/ingress-nginx-controller
        - --report-node-internal-ip-address
        - --tcp-services-configmap=$(POD_NAMESPACE)/tcp-services
        - --udp-services-configmap=$(POD_NAMESPACE)/udp-services
        - --validating-webhook=:8443
        - --validating-webhook-certificate=/usr/local/certificates/cert
        - --validating-webhook-key=/usr/local/certificates/key
        securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}, runAsUser: 101, allowPrivilegeEscalation: true}
        env:
        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        livenessProbe: {failureThreshold: 5, httpGet: {path: /healthz, port: 10254, scheme: HTTP}, initialDelaySeconds: 10, periodSeconds: 10}
        readinessProbe: {failureThreshold: 3, httpGet: {path: /healthz, port: 10254, scheme: HTTP}, initialDelaySeconds: 10, periodSeconds: 10}
        ports:
        - {name: http, containerPort: 80, protocol: TCP, hostPort: 80}
        - {name: https, containerPort: 443, protocol: TCP, hostPort: 443}
        - {name: webhook, containerPort: 8443, protocol: TCP}
        volumeMounts: [{name: webhook-cert, mountPath: /usr/local/certificates/, readOnly: true}]
        resources: {requests: {cpu: 100m, memory: 90Mi}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: nginx
  labels: ${labels('controller')}
  annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: ingress-nginx-admission, labels: ${labels('admission-webhook')}}
webhooks:
- name: validate.nginx.ingress.kubernetes.io
  matchPolicy: Equivalent
  rules: [{apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [ingresses]}]
  failurePolicy: Fail
  sideEffects: None
  admissionReviewVersions: [v1]
  clientConfig:
    service: {namespace: ingress-nginx, name: ingress-nginx-controller-admission, path: /networking/v1/ingresses}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ingress-nginx-admission, namespace: ingress-nginx, labels: ${labels('admission-webhook')}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ingress-nginx-admission, labels: ${labels('admission-webhook')}}
rules: [{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [get, update]}]
---
${binding('ingress-nginx-admission', true, 'admission-webhook')}apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: ingress-nginx-admission, namespace: ingress-nginx, labels: ${labels('admission-webhook')}}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, create]}]
---
${binding('ingress-nginx-admission', false, 'admission-webhook')}${job(
  'create',
  '"--host=ingress-nginx-controller-admission,ingress-nginx-controller-admission.$(POD_NAMESPACE).svc"',
)}${job('patch', '--webhook-name=ingress-nginx-admission, --patch-mutating=false, --patch-failure-policy=Fail')}`

export const ingress: Addon = {
  name: 'ingress',
  maintainer: 'Kubernetes',
  docs: 'https://kubernetes.io/docs/tasks/access-application-cluster/ingress-minikube/',
  images: [IMAGES[1], IMAGES[0], IMAGES[1]],
  verify: { namespace: 'ingress-nginx', label: 'app.kubernetes.io/component=controller' },
  manifest: MANIFEST,
}

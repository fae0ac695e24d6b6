import type { Addon } from './addon.ts'

const IMAGES = ['docker.io/kubernetesui/dashboard:v2.7.0', 'docker.io/kubernetesui/metrics-scraper:v1.0.8'] as const
const LABELS =
  '{k8s-app: kubernetes-dashboard, kubernetes.io/minikube-addons: dashboard, addonmanager.kubernetes.io/mode: Reconcile}'

const secret = (name: string) => `apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: kubernetes-dashboard, labels: ${LABELS}}
type: Opaque
---
`

const deployment = (name: string, container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: kubernetes-dashboard
  labels: {k8s-app: ${name}, kubernetes.io/minikube-addons: dashboard, addonmanager.kubernetes.io/mode: Reconcile}
spec:
  replicas: 1
  revisionHistoryLimit: 10
  selector: {matchLabels: {k8s-app: ${name}}}
  template:
    metadata: {labels: {k8s-app: ${name}}}
    spec:
      serviceAccountName: kubernetes-dashboard
      nodeSelector: {kubernetes.io/os: linux}
      tolerations: [{key: node-role.kubernetes.io/master, effect: NoSchedule}]
      volumes: [{name: tmp-volume, emptyDir: {}}]
      containers:
      - name: ${name}
        volumeMounts: [{mountPath: /tmp, name: tmp-volume}]
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsUser: 1001, runAsGroup: 2001}
${container}---
`

const service = (name: string, ports: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: kubernetes-dashboard
  labels: {k8s-app: ${name}, kubernetes.io/minikube-addons: dashboard, addonmanager.kubernetes.io/mode: Reconcile}
spec: {selector: {k8s-app: ${name}}, ports: [${ports}]}
---
`

const MANIFEST = `apiVersion: v1
kind: Namespace
metadata:
  name: kubernetes-dashboard
  labels: {kubernetes.io/minikube-addons: dashboard, addonmanager.kubernetes.io/mode: Reconcile}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: kubernetes-dashboard, namespace: kubernetes-dashboard, labels: ${LABELS}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: kubernetes-dashboard, labels: ${LABELS}}
rules:
- {apiGroups: [metrics.k8s.io], resources: [pods, nodes], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: kubernetes-dashboard}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: kubernetes-dashboard, namespace: kubernetes-dashboard}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kubernetes-dashboard-settings, namespace: kubernetes-dashboard, labels: ${LABELS}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: kubernetes-dashboard, namespace: kubernetes-dashboard, labels: ${LABELS}}
rules:
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [kubernetes-dashboard-key-holder, kubernetes-dashboard-certs, kubernetes-dashboard-csrf]
  verbs: [get, update, delete]
- {apiGroups: [""], resources: [configmaps], resourceNames: [kubernetes-dashboard-settings], verbs: [get, update]}
- {apiGroups: [""], resources: [services], resourceNames: [heapster, dashboard-metrics-scraper], verbs: [proxy]}
- apiGroups: [""]
  resources: [services/proxy]
  resourceNames: [heapster, "http:heapster:", "https:heapster:", dashboard-metrics-scraper, "http:dashboard-metrics-scraper"]
  verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: kubernetes-dashboard, namespace: kubernetes-dashboard, labels: ${LABELS}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: kubernetes-dashboard}
subjects:
- {kind: ServiceAccount, name: kubernetes-dashboard, namespace: kubernetes-dashboard}
---
${secret('kubernetes-dashboard-certs')}${secret('kubernetes-dashboard-csrf')}${secret('kubernetes-dashboard-key-holder')}${service('kubernetes-dashboard', '{port: 80, targetPort: 9090}')}${service('dashboard-metrics-scraper', '{port: 8000, targetPort: 8000}')}${deployment(
  'kubernetes-dashboard',
  `        image: ${IMAGES[0]}
        ports: [{containerPort: 9090, protocol: TCP}]
        args: [--namespace=kubernetes-dashboard, --enable-skip-login, --disable-settings-authorizer]
        livenessProbe: {httpGet: {path: /, port: 9090}, initialDelaySeconds: 30, timeoutSeconds: 30}
`,
)}${deployment(
  'dashboard-metrics-scraper',
  `        image: ${IMAGES[1]}
        ports: [{containerPort: 8000, protocol: TCP}]
        livenessProbe: {httpGet: {scheme: HTTP, path: /, port: 8000}, initialDelaySeconds: 30, timeoutSeconds: 30}
`,
)}`

export const dashboard: Addon = {
  name: 'dashboard',
  maintainer: 'Kubernetes',
  docs: 'https://minikube.sigs.k8s.io/docs/handbook/dashboard/',
  images: IMAGES,
  manifest: MANIFEST,
  tip: 'Some dashboard features require the metrics-server addon. To enable all features please run:\n\n\tminikube addons enable metrics-server\n\n',
}

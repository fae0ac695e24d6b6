export interface Addon {
  maintainer: string
  images: readonly string[]
  manifest: string
  /** What kubectl waits for before the addon counts as enabled. */
  waitFor?: string
}

const account = (name: string, namespace: string, role: string) => `apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects:
- {kind: ServiceAccount, name: ${name}, namespace: ${namespace}}
---
`

const STORAGE_PROVISIONER = `${account('storage-provisioner', 'kube-system', 'cluster-admin')}apiVersion: v1
kind: Pod
metadata:
  name: storage-provisioner
  namespace: kube-system
  labels: {integration-test: storage-provisioner, addonmanager.kubernetes.io/mode: Reconcile}
spec:
  serviceAccountName: storage-provisioner
  hostNetwork: true
  containers:
  - name: storage-provisioner
    image: gcr.io/k8s-minikube/storage-provisioner:v5
    command: [/storage-provisioner]
    imagePullPolicy: IfNotPresent
    volumeMounts: [{mountPath: /tmp, name: tmp}]
  volumes:
  - name: tmp
    hostPath: {path: /tmp, type: Directory}
`

const STORAGE_CLASS = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
  labels: {addonmanager.kubernetes.io/mode: EnsureExists}
provisioner: k8s.io/minikube-hostpath
`

const METRICS_SERVER = `${account('metrics-server', 'kube-system', 'system:metrics-server')}apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: system:metrics-server}
rules:
- apiGroups: [""]
  resources: [nodes, pods, namespaces, configmaps, nodes/metrics]
  verbs: [get, list, watch]
---
apiVersion: v1
kind: Service
metadata: {name: metrics-server, namespace: kube-system, labels: {k8s-app: metrics-server}}
spec: {selector: {k8s-app: metrics-server}, ports: [{name: https, port: 443, targetPort: 4443}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: metrics-server, namespace: kube-system, labels: {k8s-app: metrics-server}}
spec:
  selector: {matchLabels: {k8s-app: metrics-server}}
  template:
    metadata: {labels: {k8s-app: metrics-server}}
    spec:
      serviceAccountName: metrics-server
      containers:
      - name: metrics-server
        image: registry.k8s.io/metrics-server/metrics-server:v0.7.2
        args: [--secure-port=4443, --metric-resolution=60s, --kubelet-insecure-tls]
        readinessProbe: {httpGet: {path: /readyz, port: 4443, scheme: HTTPS}, periodSeconds: 10}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: metrics-server, namespace: kube-system}
`

/** Addons of minikube that are simulated. */
export const ADDONS: Readonly<Record<string, Addon>> = {
  'storage-provisioner': {
    maintainer: 'minikube',
    images: ['gcr.io/k8s-minikube/storage-provisioner:v5'],
    manifest: STORAGE_PROVISIONER,
  },
  'default-storageclass': { maintainer: 'Kubernetes', images: [], manifest: STORAGE_CLASS },
  'metrics-server': {
    maintainer: 'Kubernetes',
    images: ['registry.k8s.io/metrics-server/metrics-server:v0.7.2'],
    manifest: METRICS_SERVER,
  },
}

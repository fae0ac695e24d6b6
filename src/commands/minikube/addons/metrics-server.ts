import { type Addon, account } from './addon.ts'

const MANIFEST = `${account('metrics-server', 'kube-system', 'system:metrics-server')}apiVersion: rbac.authorization.k8s.io/v1
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

export const metricsServer: Addon = {
  name: 'metrics-server',
  maintainer: 'Kubernetes',
  images: ['registry.k8s.io/metrics-server/metrics-server:v0.7.2'],
  manifest: MANIFEST,
}

/** What flannel's manifest comes down to, for a Pod network. */
export const flannel = (network: string, ...args: string[]) => `apiVersion: v1
kind: Namespace
metadata: {name: kube-flannel}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: flannel, namespace: kube-flannel}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kube-flannel-cfg, namespace: kube-flannel}
data: {net-conf.json: '{"Network": "${network}", "Backend": {"Type": "vxlan"}}'}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: kube-flannel-ds, namespace: kube-flannel}
spec:
  selector: {matchLabels: {app: flannel}}
  template:
    metadata: {labels: {app: flannel}}
    spec:
      hostNetwork: true
      serviceAccountName: flannel
      tolerations: [{operator: Exists, effect: NoSchedule}]
      containers:
      - name: kube-flannel
        image: docker.io/flannel/flannel:v0.27.0
        command: [/opt/bin/flanneld]
        args: [${['--ip-masq', '--kube-subnet-mgr', ...args].join(', ')}]
        securityContext: {privileged: true}
        volumeMounts: [{name: cfg, mountPath: /etc/kube-flannel/}]
      volumes: [{name: cfg, configMap: {name: kube-flannel-cfg}}]
`

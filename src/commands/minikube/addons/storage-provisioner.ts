import { type Addon, account } from './addon.ts'

const MANIFEST = `${account('storage-provisioner', 'kube-system', 'cluster-admin')}apiVersion: v1
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

/** A folder of the node for every claim. */
export const storageProvisioner: Addon = {
  name: 'storage-provisioner',
  maintainer: 'minikube',
  images: ['gcr.io/k8s-minikube/storage-provisioner:v5'],
  isDefault: true,
  manifest: MANIFEST,
}

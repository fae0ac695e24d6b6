import type { Addon } from './addon.ts'

const MANIFEST = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: standard
  annotations: {storageclass.kubernetes.io/is-default-class: "true"}
  labels: {addonmanager.kubernetes.io/mode: EnsureExists}
provisioner: k8s.io/minikube-hostpath
`

export const defaultStorageClass: Addon = {
  name: 'default-storageclass',
  maintainer: 'Kubernetes',
  docs: 'https://minikube.sigs.k8s.io/docs/handbook/persistent_volumes/',
  images: [],
  isDefault: true,
  manifest: MANIFEST,
}

/** Stands for the administrator's client certificate; base64, as a kubeconfig has it. */
export const ADMIN_CERTIFICATE = btoa(
  '-----BEGIN CERTIFICATE-----\nO=kubeadm:cluster-admins,CN=kubernetes-admin\n-----END CERTIFICATE-----\n',
)

/** The administrator's ~/.kube/config, as kubeadm or minikube leaves it. */
export function adminKubeconfig(server: string, name: { cluster: string; user: string; context: string }): string {
  const key = btoa('-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n')
  const authority = btoa('-----BEGIN CERTIFICATE-----\nCN=kubernetes\n-----END CERTIFICATE-----\n')
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${authority}
    server: ${server}
  name: ${name.cluster}
contexts:
- context:
    cluster: ${name.cluster}
    user: ${name.user}
  name: ${name.context}
current-context: ${name.context}
kind: Config
preferences: {}
users:
- name: ${name.user}
  user:
    client-certificate-data: ${ADMIN_CERTIFICATE}
    client-key-data: ${key}
`
}

import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** An Ingress that names no class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  admit({ operation, info, subresource, object, context, name }) {
    if (info.name !== 'ingresses.networking.k8s.io' || operation !== 'CREATE' || subresource !== '' || !object) return
    if (object.spec.ingressClassName !== undefined) return
    if (object.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return
    const classes = context
      .list<any>('ingressclasses.networking.k8s.io')
      .filter((c) => c.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true')
    if (classes.length > 1 && classes.every((c) => c.metadata.creationTimestamp === undefined))
      throw forbidden(info, name, `${classes.length} default IngressClasses were found, only 1 allowed`)
    const chosen = classes.sort((a, b) => (a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1))[0]
    if (chosen) object.spec.ingressClassName = chosen.metadata.name
  },
}

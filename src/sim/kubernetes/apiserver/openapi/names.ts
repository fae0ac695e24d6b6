/** Full names of the types in OpenAPI documents. */
const PREFIXES: Record<string, string> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
}

export function fullTypeName(type: string): string {
  if (type.startsWith('io.')) return type
  const [first = '', ...rest] = type.split('.')
  return `${PREFIXES[first] ?? `io.k8s.api.${first}`}.${rest.join('.')}`
}

/** Types that OpenAPI names though they are printed as plain values. */
export const SCALAR_TYPES: Record<string, string> = {
  q: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  t: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  m: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  x: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
}

import type { KindDefinition } from '../definition.ts'
import { validateDefinition } from './validate.ts'

export const customResourceDefinition: KindDefinition = {
  resource: 'customresourcedefinitions.apiextensions.k8s.io',
  defaults({ spec }) {
    if (!spec) return
    spec.conversion ??= { strategy: 'None' }
    if (!spec.names?.kind) return
    spec.names.singular ||= spec.names.kind.toLowerCase()
    spec.names.listKind ||= `${spec.names.kind}List`
  },
  prepareCreate(object) {
    const storage = object.spec?.versions?.find((v: any) => v.storage)?.name
    object.status = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storage ? [storage] : null,
    }
  },
  validate: validateDefinition,
}

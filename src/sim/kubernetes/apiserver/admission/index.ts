import { namespaceLifecycle } from './namespace-lifecycle.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** In the order in which the server runs them. */
export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [namespaceLifecycle]

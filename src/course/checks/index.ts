import { after } from './after.ts'
import { always } from './always.ts'
import type { CheckKind } from './check.ts'
import { simpleKinds } from './nested.ts'
import { never } from './never.ts'
import { order } from './order.ts'

/** Every kind of check, in the order of the documentation. */
export const checkKinds: readonly CheckKind[] = [...simpleKinds, always, never, order, after]

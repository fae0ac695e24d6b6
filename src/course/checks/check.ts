import type { World } from '../../sim/world/api.ts'
import type { Text } from '../language.ts'
import type { ClusterView } from '../view.ts'

/** What a failing check tells: never the answer. */
export interface Failure {
  expected: Text
  seen: Text
  /** `pod/ngx in namespace default` */
  where?: Text
  /** What to look at next. An author's `look` replaces it. */
  look?: Text
}

export interface CheckContext {
  /** The objects at the moment that is judged. */
  readonly view: ClusterView
  /** The world at that moment, free to be used; absent when the moment is past. */
  readonly world: World | undefined
  /** The world as it settled, to fork from and to ask for its past. */
  readonly origin: World
  /** Virtual ms at which the learner began: what was before is where the past starts. */
  readonly since: number
}

/** One kind of check. One file each, listed in `index.ts`. */
export interface CheckKind<Spec = any> {
  /** The field that holds its specification. */
  readonly name: string
  /** Objects alone decide, so that it can be asked of any moment and polled cheaply. */
  readonly ofState: boolean
  /** Uses the world, and is asked again while it fails and the grader has patience. */
  readonly retried?: boolean
  /** Undefined when it holds. */
  check(spec: Spec, context: CheckContext): Promise<Failure | undefined>
  /** For verdicts of the kinds that nest others: the outcome in a few words. */
  describe(spec: Spec): Text
}

import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { joinLabels } from '../maps.ts'

export const describePriorityClass: Describer = async (w, context) => {
  const { object: pc } = context
  w.line(0, `Name:\t${pc.metadata.name}`)
  w.line(0, `Value:\t${pc.value}`)
  w.line(0, `GlobalDefault:\t${pc.globalDefault ?? false}`)
  w.line(0, `PreemptionPolicy:\t${pc.preemptionPolicy ?? ''}`)
  w.line(0, `Description:\t${pc.description ?? ''}`)
  w.line(0, `Annotations:\t${joinLabels(pc.metadata.annotations)}`)
  await describeEvents(w, context)
}

import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Study } from '../study/study.ts'

export const StudyContext = createContext<Study | undefined>(undefined)

/** The study's state; the component is drawn again whenever it changes. */
export function useStudy(): Study {
  const study = useContext(StudyContext)
  if (!study) throw new Error('no study around this component')
  useSyncExternalStore(study.subscribe, () => study.version)
  return study
}

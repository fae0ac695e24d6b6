import type { ReactNode } from 'react'
import { StudyContext, useStudy } from '../contexts/study-context.ts'
import type { Study } from '../study/study.ts'
import { HomeView } from './home-view.tsx'
import { StudyView } from './study-view.tsx'

export function App({ study }: { study: Study }): ReactNode {
  return (
    <StudyContext.Provider value={study}>
      <View />
    </StudyContext.Provider>
  )
}

function View(): ReactNode {
  const { view, geometry } = useStudy()
  // Another size is another picture: nothing of the old one may stay.
  const key = `${view} ${geometry.columns}×${geometry.rows}`
  return view === 'home' ? <HomeView key={key} /> : <StudyView key={key} />
}

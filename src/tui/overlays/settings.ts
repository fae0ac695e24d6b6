import { languageNames } from '../words.ts'
import type { Overlay, OverlayItem } from './overlay.ts'

/** How the learner likes it; kept with the progress. */
export const settings: Overlay = {
  title: (words) => words.settings,
  items(study) {
    const { words, desk } = study
    const item = (name: string, value: string, open: () => void): OverlayItem => ({ label: `${name}: ${value}`, open })
    return [
      item(words.settingLanguage, languageNames[desk.language], () => study.switchLanguage()),
      item(words.settingSpeed, `×${study.speed}`, () => study.nextSpeed()),
      item(words.settingMotion, study.motion ? words.on : words.off, () => study.setMotion(!study.motion)),
    ]
  },
}

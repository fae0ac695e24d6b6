import { homeItems } from '../home/home-items.ts'
import { overlays } from '../overlays/index.ts'
import { questionOf } from '../study/next-action.ts'
import type { Study } from '../study/study.ts'
import type { Key } from './keys.ts'

/** What a key does where it is pressed. */
export function handleKeys(study: Study, keys: readonly Key[]): void {
  let bytes = ''
  for (const key of keys) {
    if (study.view === 'study' && study.focus === 'terminal' && !study.overlay) {
      bytes += terminalBytes(study, key)
      continue
    }
    if (study.overlay) overlayKey(study, key)
    else if (study.view === 'home') homeKey(study, key)
    else pageKey(study, key)
  }
  if (bytes) void study.desk.session?.type(bytes)
}

/** A key at the terminal as bytes for the pty; empty when it was for the session itself. */
function terminalBytes(study: Study, { name, raw }: Key): string {
  const { screen } = study
  if (name === 'shift-tab') {
    study.focus = 'page'
    study.changed()
    return ''
  }
  if ((name === 'pageup' || name === 'pagedown') && !screen.fullScreen) {
    screen.scroll((name === 'pageup' ? 1 : -1) * Math.max(1, screen.rows - 2))
    return ''
  }
  screen.toBottom()
  // As if typed: every line runs, as a learner who pastes a list of commands expects.
  if (name === 'paste') return raw.replaceAll('\r\n', '\n').replaceAll('\n', '\r')
  if (screen.applicationCursor && /^\x1b\[[ABCD]$/.test(raw)) return raw.replace('[', 'O')
  return raw
}

const pageKeys: Record<string, (study: Study) => void> = {
  tab: focusTerminal,
  'shift-tab': focusTerminal,
  i: focusTerminal,
  up: (study) => study.selectBy(-1),
  k: (study) => study.selectBy(-1),
  down: (study) => study.selectBy(1),
  j: (study) => study.selectBy(1),
  pageup: (study) => study.scrollBy(2 - study.geometry.page.rows),
  pagedown: (study) => study.scrollBy(study.geometry.page.rows - 2),
  space: (study) => study.scrollBy(study.geometry.page.rows - 2),
  home: (study) => study.scrollBy(-100_000),
  end: (study) => study.scrollBy(100_000),
  enter: (study) => {
    const action = study.selectedAction
    if (action) study.perform(action)
    else study.selectBy(1)
  },
  r: (study) => study.runNext(),
  c: (study) => study.say('check'),
  h: (study) => study.say('hint'),
  u: (study) => study.say('undo'),
  R: (study) => study.say('reset'),
  S: (study) => study.say('solution'),
  f: (study) => void study.desk.session?.pass(30_000),
  F: (study) => void study.desk.session?.pass(300_000),
  '+': (study) => study.changeSpeed(1),
  '-': (study) => study.changeSpeed(-1),
  n: (study) => void study.desk.goNext(),
  p: (study) => {
    const { previous } = study.desk
    if (previous) study.enter(previous)
  },
  z: (study) => study.toggleSingle(),
  L: (study) => study.switchLanguage(),
  escape: (study) => {
    study.view = 'home'
    study.cursor = 0
    study.changed()
  },
  q: (study) => study.leave(),
  'ctrl-c': (study) => study.leave(),
}

function pageKey(study: Study, { name }: Key): void {
  const overlay = overlays[name]
  if (overlay) study.toggleOverlay(overlay)
  else if (/^[1-9]$/.test(name)) answer(study, Number(name) - 1)
  else pageKeys[name]?.(study)
}

/** A digit answers the question that is selected, or else the first on the screen that is open. */
function answer(study: Study, index: number): void {
  const selected = study.selectedAction
  const chosen = selected?.type === 'choice' ? selected : study.openQuestion
  const id = chosen && `${questionOf(chosen.id)}.${index}`
  const target = study.layout.actions.find(({ action }) => action.id === id)?.action
  if (target) study.perform(target)
}

function focusTerminal(study: Study): void {
  study.focus = 'terminal'
  study.changed()
}

const overlayScrolls: Record<string, (page: number) => number> = {
  up: () => -1,
  down: () => 1,
  k: () => -1,
  j: () => 1,
  pageup: (page) => -page,
  pagedown: (page) => page,
  space: (page) => page,
}

function overlayKey(study: Study, { name, raw }: Key) {
  const overlay = study.overlay!
  const items = overlay.items?.(study) ?? []
  if (name === 'escape' || name === 'ctrl-c') return study.toggleOverlay(undefined)
  const scroll = overlay.items ? undefined : overlayScrolls[name]?.(study.geometry.page.rows - 3)
  if (scroll !== undefined) {
    study.overlayScroll += overlay.fromEnd ? -scroll : scroll
    return study.changed()
  }
  if (name === 'up' || name === 'down') {
    study.cursor = Math.max(0, Math.min(items.length - 1, study.cursor + (name === 'up' ? -1 : 1)))
    return study.changed()
  }
  if (name === 'enter') {
    const item = items[study.cursor]
    if (item?.open) {
      item.open()
      study.changed()
    } else if (!overlay.items) study.toggleOverlay(undefined)
    return
  }
  if (overlay.typing) {
    if (name === 'backspace') study.query = [...study.query].slice(0, -1).join('')
    else if (name === 'space') study.query += ' '
    else if (name === 'paste' || [...raw].length === 1) study.query += raw
    study.cursor = 0
    return study.changed()
  }
  const other = overlays[name]
  if (other) study.toggleOverlay(other)
  else if (name === 'q') study.toggleOverlay(undefined)
  else {
    study.toggleOverlay(undefined)
    pageKey(study, { name, raw })
  }
}

function homeKey(study: Study, { name }: Key) {
  const items = homeItems(study)
  if (name === 'up' || name === 'k') study.cursor = Math.max(0, study.cursor - 1)
  else if (name === 'down' || name === 'j') study.cursor = Math.min(items.length - 1, study.cursor + 1)
  else if (name === 'enter') return items[study.cursor]?.open()
  else if (name === 'q' || name === 'ctrl-c' || name === 'ctrl-d') return study.leave()
  else if (name === 'L') return study.switchLanguage()
  else if (overlays[name]) {
    study.view = 'study'
    study.enter()
    return study.toggleOverlay(overlays[name])
  }
  study.changed()
}

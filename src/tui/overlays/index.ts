import { errors } from './errors.ts'
import { help } from './help.ts'
import { glossary, labs, search } from './lists.ts'
import { map } from './map.ts'
import type { Overlay } from './overlay.ts'
import { settings } from './settings.ts'
import { terms } from './terms.ts'
import { why } from './why.ts'

/** By the key that opens and closes them. */
export const overlays: Readonly<Record<string, Overlay>> = {
  '?': help,
  m: map,
  w: why,
  '/': search,
  g: glossary,
  l: labs,
  t: terms,
  e: errors,
  s: settings,
}

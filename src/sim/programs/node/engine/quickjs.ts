import { newQuickJSWASMModuleFromVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core'
import { hold, type Waiting } from '../../../time/waiting.ts'

/**
 * QuickJS, the embedded engine under our Node.js: one instance a process, so that what one does to its memory
 * never shows in another.
 */
export function loadEngine(waiting: Waiting): Promise<QuickJSWASMModule> {
  const loading = import('@jitl/quickjs-singlefile-mjs-release-sync').then(({ default: variant }) =>
    newQuickJSWASMModuleFromVariant(variant),
  )
  return hold(waiting, loading)
}

import { hold } from '../../time/waiting.ts'
import type { Applet } from '../applet/applet.ts'

/** python: the interpreter and its library are loaded when the first process starts. */
export const python: Applet = async (call) => {
  const { main } = await hold(call.process.machine.world.waiting, import('./main.ts'))
  return main(call)
}

import type { Program } from '../../linux/process.ts'
import { hold } from '../../time/waiting.ts'

/** Node.js: engine and library are loaded when the first process starts. */
const node: Program = async (process) => {
  const { main } = await hold(process.machine.world.waiting, import('./main.ts'))
  return main(process)
}

const npm: Program = async (process) => {
  const { main } = await hold(process.machine.world.waiting, import('./npm/npm.ts'))
  return main(process)
}

export const nodePrograms: readonly (readonly [string, Program])[] = [
  ['node', node],
  ['npm', npm],
  ['npx', npm],
]

import type { NodeServices } from '../node.ts'
import type { Container, Pod } from '../pod.ts'
import { type ContainerRun, exitCode } from '../runtime/pod-runtime.ts'
import { terminationLog } from './pod-files.ts'

const LIMIT = 4096
const LOG_LINES = 80
const LOG_BYTES = 2048

/** What an ended container left behind: its termination file, or the end of its log when it asks for that. */
export function readTerminationMessage(node: NodeServices, pod: Pod, container: Container, run: ContainerRun): string {
  const files = node.host?.files
  const path = terminationLog(pod, container, run.attempt)
  const text = files?.exists(path) ? files.readText(path).slice(0, LIMIT) : ''
  if (text !== '' || container.terminationMessagePolicy !== 'FallbackToLogsOnError' || exitCode(run) === 0) return text
  const lines = run.handle.logs().slice(-LOG_LINES)
  const tail = lines.map((line) => `${line.text}${line.partial ? '' : '\n'}`).join('')
  return tail.slice(-LOG_BYTES)
}

import type { SystemError } from '../../linux/errors.ts'
import { StartError } from '../engine.ts'

const RUNC = 'OCI runtime create failed: runc create failed: unable to start container process'

/** What runc says of a command that cannot be executed, and the exit code that goes with it. */
export function execFailure(command: string, error: SystemError): { text: string; exitCode: number } {
  const name = JSON.stringify(command)
  if (error.code === 'ENOENT') {
    const text = command.includes('/')
      ? `exec: ${name}: stat ${command}: no such file or directory`
      : `exec: ${name}: executable file not found in $PATH`
    return { text, exitCode: 127 }
  }
  if (error.code === 'ENOTDIR') return { text: `exec: ${name}: stat ${command}: not a directory`, exitCode: 127 }
  if (error.code === 'EACCES') return { text: `exec: ${name}: permission denied`, exitCode: 126 }
  if (error.code === 'EAGAIN') return { text: "can't get final child's PID from pipe: EOF", exitCode: 125 }
  return { text: `exec ${command}: ${error.message.toLowerCase()}`, exitCode: 126 }
}

export function startError(text: string, exitCode: number): StartError {
  return new StartError(`failed to create shim task: ${RUNC}: ${text}`, exitCode)
}

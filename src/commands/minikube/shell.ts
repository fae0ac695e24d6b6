import type { OpenFile } from '../../sim/linux/file.ts'
import type { Process } from '../../sim/linux/process.ts'
import { concatBytes, decodeText } from '../../sim/linux/shell/bytes.ts'

export interface Finished {
  stdout: string
  stderr: string
  status: number
}

async function readAll(file: OpenFile): Promise<string> {
  const chunks: Uint8Array[] = []
  for (let chunk = await file.read(); chunk.length > 0; chunk = await file.read()) chunks.push(chunk)
  file.release()
  return decodeText(concatBytes(chunks))
}

/** Runs a command and keeps what it prints. */
export async function capture(process: Process, argv: readonly string[]): Promise<Finished> {
  const [out, error] = [process.pipe(), process.pipe()]
  const child = process.spawn({
    argv,
    env: process.env,
    fds: new Map([
      [1, out.write],
      [2, error.write],
    ]),
  })
  out.write.release()
  error.write.release()
  const [stdout, stderr] = await Promise.all([readAll(out.read), readAll(error.read)])
  const { code } = await process.wait(child)
  return { stdout, stderr, status: code ?? 137 }
}

/** Runs a command in the foreground, on minikube's own terminal. */
export async function runHere(process: Process, argv: readonly string[]): Promise<number> {
  const child = process.spawn({ argv, env: process.env })
  const { code } = await process.wait(child)
  return code ?? 137
}

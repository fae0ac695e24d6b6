import type { ContainerHandle } from '../../../containers/engine.ts'

/** Runs a command in a container and collects what it prints (both streams, in order). */
export async function runInContainer(
  handle: ContainerHandle,
  argv: readonly string[],
  options: { kill?: Promise<unknown>; limit?: number } = {},
): Promise<{ exitCode: number; output: string; killed: boolean }> {
  const decoder = new TextDecoder()
  const limit = options.limit ?? 10_240
  let output = ''
  const write = (bytes: Uint8Array) => {
    if (output.length < limit) output = (output + decoder.decode(bytes, { stream: true })).slice(0, limit)
  }
  const exec = await handle.exec({ argv, streams: { stdout: { write }, stderr: { write } } })
  let killed = false
  const end = options.kill
    ? Promise.race([
        exec.exitCode,
        options.kill.then(() => {
          killed = true
          exec.kill()
          return 137
        }),
      ])
    : exec.exitCode
  return { exitCode: await end, output, killed }
}

import { SystemError } from '../../linux/errors.ts'
import type { OpenFile } from '../../linux/file.ts'
import type { Process, Program } from '../../linux/process.ts'
import { SIGNALS } from '../../linux/signals.ts'
import type { Connection } from '../../linux/socket.ts'
import { credentialsOf, loginVariables, mayLogIn } from '../accounts/credentials.ts'
import { type User, userByName } from '../applet/users.ts'
import { FrameStream, jsonOf, type OpenRequest } from './frames.ts'

/**
 * sshd. Machines of a world know each other's keys, so every account with a login shell may be entered, as after
 * ssh-copy-id; others are denied.
 */
export const sshd: Program = async (process) => {
  process.system.setTitle('sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups')
  const listener = process.net.listen({ port: 22 })
  for (;;) {
    const connection = await listener.accept()
    // A client that goes away in the middle ends its own session only.
    serve(process, connection).catch(() => connection.close())
  }
}

async function serve(process: Process, connection: Connection): Promise<void> {
  const stream = new FrameStream(connection)
  await stream.greet()
  if (!(await stream.greeted())) {
    connection.close()
    return
  }
  const first = await stream.receive()
  if (first?.type !== 'open') {
    connection.close()
    return
  }
  const request = jsonOf<OpenRequest>(first)
  const user = userByName(process, request.user)
  if (!user || !mayLogIn(user)) await stream.send('denied')
  else await session(process, stream, request, user)
  connection.close()
}

async function session(process: Process, stream: FrameStream, request: OpenRequest, user: User): Promise<void> {
  const terminal = request.pty ? process.system.openPty() : undefined
  const inward = terminal ? undefined : process.pipe()
  const outward = terminal ? undefined : process.pipe()
  const errors = terminal ? undefined : process.pipe()
  const shell = user.shell || '/bin/sh'
  const name = shell.replace(/^.*\//, '')
  if (terminal && request.pty) terminal.pty.size = request.pty
  const fds: [number, OpenFile][] = terminal
    ? [0, 1, 2].map((fd) => [fd, terminal.slave])
    : [
        [0, inward!.read],
        [1, outward!.write],
        [2, errors!.write],
      ]
  const child = process.spawn({
    argv: request.command === undefined ? [`-${name}`] : [name, '-c', request.command],
    file: process.files.exists(shell) ? shell : '/bin/sh',
    env: loginVariables(user, request.pty?.term),
    cwd: process.files.exists(user.home) ? user.home : '/',
    credentials: credentialsOf(process, user),
    newSession: true,
    fds: new Map(fds),
  })
  terminal?.slave.release()
  inward?.read.release()
  outward?.write.release()
  errors?.write.release()
  void receive(process, stream, child, terminal, inward?.write)
  const relays = terminal
    ? [relay(terminal.master, stream, 'output')]
    : [relay(outward!.read, stream, 'output'), relay(errors!.read, stream, 'error')]
  const status = await process.wait(child)
  await Promise.all(relays)
  await stream.send('exit', { status: status.signal ? 128 + SIGNALS[status.signal] : (status.code ?? 0) })
}

async function relay(from: OpenFile, stream: FrameStream, type: 'output' | 'error'): Promise<void> {
  try {
    for (;;) {
      const bytes = await from.read()
      if (bytes.length === 0) return
      await stream.send(type, bytes)
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  } finally {
    from.release()
  }
}

/** The client's side: keystrokes, sizes; when it has gone, the session is hung up. */
async function receive(
  process: Process,
  stream: FrameStream,
  child: Process,
  terminal: ReturnType<Process['system']['openPty']> | undefined,
  input: OpenFile | undefined,
): Promise<void> {
  let open = input
  const close = () => {
    open?.release()
    open = undefined
  }
  try {
    for (;;) {
      const frame = await stream.receive()
      if (!frame) break
      if (frame.type === 'input') await (terminal?.master ?? open)?.write(frame.bytes)
      else if (frame.type === 'input-end') close()
      else if (frame.type === 'resize' && terminal) terminal.pty.size = jsonOf(frame)
    }
  } catch (error) {
    // The program closed its input, or the connection broke.
    if (!(error instanceof SystemError)) return
  }
  close()
  if (!child.exitStatus) process.kill(-child.pid, 'SIGHUP')
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DOCKER_COMMANDS } from './docker-commands.ts'
import { type DoorWorld, openDoorWorld, runReal, type Seen, whereIs } from './door-world.ts'

const docker = process.env.DOCKER ?? whereIs('docker')
if (!docker) console.info('skipped: no docker client on the PATH to send through the door')

describe.skipIf(!docker)('the real docker client through the door of kubebook serve', () => {
  let world: DoorWorld
  const folder = mkdtempSync(join(tmpdir(), 'kubebook-door-'))

  const real = (command: string) =>
    runReal(['/bin/sh', '-c', command.replace(/(^|\| )docker/, `$1${docker}`)], {
      env: { DOCKER_HOST: `tcp://127.0.0.1:${world.served.dockerPort}`, HOME: folder },
      cwd: folder,
    })

  beforeAll(async () => {
    world = await openDoorWorld('docker', 20)
    await world.ours('docker pull busybox')
  }, 30_000)

  afterAll(async () => {
    await world.close()
    rmSync(folder, { recursive: true })
  })

  test('says and does what our own docker says and does', async () => {
    for (const command of DOCKER_COMMANDS) {
      const theirs = await real(command.replaceAll('@', 'r'))
      const ours = await world.ours(command.replaceAll('@', 'o'))
      expect({ command, said: twin(theirs) }).toEqual({ command, said: twin(ours) })
    }
  }, 60_000)

  test('sees versions downgraded to the engine’s', async () => {
    const { stdout } = await real('docker version --format "{{.Client.APIVersion}} {{.Server.Version}}"')
    expect(stdout).toBe('1.41 20.10.24+dfsg1\n')
  })

  test('builds and copies', async () => {
    await runReal(['/bin/sh', '-c', 'printf "FROM busybox\\nRUN echo made > /made\\n" > Dockerfile'], { cwd: folder })
    const { stdout, stderr } = await runReal([docker!, 'build', '-t', 'made', '.'], {
      env: {
        DOCKER_HOST: `tcp://127.0.0.1:${world.served.dockerPort}`,
        HOME: folder,
        DOCKER_BUILDKIT: '0',
      },
      cwd: folder,
    })
    expect(stdout + stderr).toContain('Successfully tagged made:latest')
    expect(await real('docker run --name mm made cat /made')).toEqual({ stdout: 'made\n', stderr: '', status: 0 })
    await real('docker cp mm:/made copied')
    expect((await runReal(['cat', join(folder, 'copied')])).stdout).toBe('made\n')
  })
})

/** The same for both clients: names, addresses and what chance gives. */
function twin({ stdout, stderr, status }: Seen): string {
  return (
    `${stdout}[stderr]\n${stderr}[${status}]`
      .replace(/\b[0-9a-f]{64}\b/g, 'ID')
      .replace(/\b[0-9a-f]{12}\b/g, 'ID')
      .replace(/\b(web|mine|net|vol|[ef])-[ro]\b/g, '$1-N')
      .replace(/System Time: .*/g, '')
      // Each has the plugins of its machine.
      .replace(/ Plugins:\n(?: {2}\w+: .*\n(?: {4}.*\n)+)+/, '')
      // The real client's order is chance.
      .replace(/Runtimes: (.*)/g, (_, names: string) => `Runtimes: ${names.split(' ').sort()}`)
  )
}

import { beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type SimulatedWorld } from '../../sim/world/create-world.ts'
import { commands } from '../index.ts'

describe('docker', () => {
  let world: SimulatedWorld
  const run = async (script: string) => {
    const { stdout, stderr, status } = await world.script(script)
    return { stdout, stderr, status }
  }
  beforeAll(async () => {
    const drain = () => new Promise<void>((done) => setImmediate(done))
    const images = ['alpine:latest', 'redis:latest', 'registry:latest']
    world = await createWorld({ seed: 7, topology: 'docker', commands, drain, account: 'root', images })
  })

  it('runs a container and passes its output and status on', async () => {
    expect(await run("docker run --rm -h srv alpine sh -c 'hostname; echo oops >&2; exit 3'")).toEqual({
      stdout: 'srv\n',
      stderr: 'oops\n',
      status: 3,
    })
  })

  it('says in the real words what cannot be run, with 125 and 127', async () => {
    const missing = await run('docker run --rm alpine nosuch')
    expect(missing.status).toBe(127)
    expect(missing.stderr).toContain('exec: "nosuch": executable file not found in $PATH: unknown')
    expect(await run('docker run --nme x alpine')).toMatchObject({ status: 125, stdout: '' })
  })

  it('builds an image step by step and then from its cache', async () => {
    await run("mkdir b; printf 'FROM alpine\\nRUN echo hi > /hi\\nCMD cat /hi\\n' > b/Dockerfile")
    const first = await run('DOCKER_BUILDKIT=0 docker build -t hi b')
    expect(first.stdout).toMatch(/Step 2\/3 : RUN echo hi > \/hi\n ---> Running in [0-9a-f]{12}\nRemoving/)
    const again = await run('DOCKER_BUILDKIT=0 docker build -t hi b')
    expect(again.stdout.match(/Using cache/g)).toHaveLength(2)
    expect((await run('docker run --rm hi')).stdout).toBe('hi\n')
  })

  it('keeps an image in a registry of its own and gets it back', async () => {
    const { stdout, stderr, status } = await run(`
      docker run -d -p 5000:5000 --name reg registry > /dev/null; sleep 1
      docker tag alpine 127.0.0.1:5000/a; docker push -q 127.0.0.1:5000/a
      docker rmi 127.0.0.1:5000/a > /dev/null
      docker run --rm 127.0.0.1:5000/a echo back 2> /dev/null`)
    expect({ stdout, stderr, status }).toEqual({ stdout: '127.0.0.1:5000/a:latest\nback\n', stderr: '', status: 0 })
  })

  it('finds containers by name on a network of their own, and through published ports', async () => {
    const { stdout } = await run(`
      docker network create app > /dev/null
      docker run -d --name db --network app -p 7000:6379 --entrypoint redis-server redis > /dev/null; sleep 1
      docker run --rm --network app redis redis-cli -h db ping
      docker run --rm --net=host redis redis-cli -p 7000 ping
      docker network rm app 2>&1 | head -1 | cut -c1-60; docker rm -f db; docker network rm app`)
    expect(stdout).toBe('PONG\nPONG\nError response from daemon: error while removing network: ne\ndb\napp\n')
  })

  it('lets a running container of the default bridge find names once it is connected to a network', async () => {
    const { stdout } = await run(`
      docker network create app > /dev/null
      docker run -d --name db --network app redis > /dev/null
      docker run -d --name guest alpine sleep 1000 > /dev/null; sleep 1
      docker exec guest ping -c1 -W1 db 2>&1
      docker network connect app guest; docker exec guest ping -c1 db | head -1
      docker restart -t 0 guest > /dev/null; docker exec guest ping -c1 db | head -1`)
    const pinged = 'PING db (172.18.0.2): 56 data bytes\n'
    expect(stdout).toBe(`ping: bad address 'db'\n${pinged}${pinged}`)
  })

  it('keeps a container alive that follows a device to which nothing is added', async () => {
    const { stdout } = await run(`
      for image in busybox debian; do docker run -d --name $image $image tail -f /dev/null > /dev/null; done; sleep 60
      docker inspect -f '{{.State.Status}}' busybox debian`)
    expect(stdout).toBe('running\nrunning\n')
  })

  it('starts a container again as its policy says, and not after a stop', async () => {
    const { stdout } = await run(`
      docker run -d --name flaky --restart on-failure:2 alpine sh -c 'echo try; exit 7' > /dev/null; sleep 5
      docker logs flaky; docker inspect -f '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}' flaky`)
    expect(stdout).toBe('try\ntry\ntry\n2 exited 7\n')
  })
})

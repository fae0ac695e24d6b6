import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beginWorld } from '../../course/session/begin-world.ts'
import { type CliCommand, UsageError } from '../command.ts'
import { dataFolder } from '../storage/data-folder.ts'
import { worldSource } from '../world-source.ts'
import { readWorldOptions, worldOptions } from './world-options.ts'

export const serve: CliCommand = {
  usage: 'serve [--topology T] [--port N] [--docker-port N] [--seed N] [--kubeconfig FILE]',
  summary: 'the cluster and Docker for real clients, on loopback',
  help: 'Writes a kubeconfig and says where, and what DOCKER_HOST is. Ctrl-C ends it; nothing is kept.',
  options: {
    ...worldOptions,
    port: { type: 'string' },
    'docker-port': { type: 'string' },
    kubeconfig: { type: 'string' },
  },
  operands: [0, 0],
  async run(input, context) {
    const { topology = 'two-node', seed } = readWorldOptions(input)
    if (topology === 'none') throw new UsageError('the topology none has nothing to serve')
    const port = portOf('port', input.values.port, 8001)
    const dockerPort = portOf('docker-port', input.values['docker-port'], 2375)
    const { serveWorld } = await import('../../serve/serve-world.ts')
    const { kubeconfig } = await import('../../serve/kubeconfig.ts')
    const { world } = await beginWorld(await worldSource(), { topology }, seed)
    const { speed } = context.options
    const door = await serveWorld({
      world,
      port,
      dockerPort,
      ...(speed === undefined ? {} : { speed }),
      onFault: (error) => context.warn(`kubebook: ${error instanceof Error ? error.message : error}`),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        throw new UsageError(`a port is in use (${error.message}); choose others with --port and --docker-port`)
      throw error
    })
    if (door.port !== undefined) {
      const given = input.values.kubeconfig as string | undefined
      const file = resolve(given ?? join(dataFolder(process.env), 'kubeconfig'))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, kubeconfig(`http://127.0.0.1:${door.port}`), { mode: 0o600 })
      context.print(`The cluster listens on http://127.0.0.1:${door.port}`)
      context.print(`export KUBECONFIG=${file}`)
    }
    context.print(`Docker listens on tcp://127.0.0.1:${door.dockerPort}`)
    context.print(`export DOCKER_HOST=tcp://127.0.0.1:${door.dockerPort}`)
    await new Promise<void>((done) => {
      process.once('SIGINT', done)
      process.once('SIGTERM', done)
    })
    await door.close()
    return 0
  },
}

function portOf(name: string, value: unknown, otherwise: number): number {
  const port = value === undefined ? otherwise : Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--${name} is 0 to 65535, not "${value}"`)
  return port
}

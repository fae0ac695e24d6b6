import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { beginWorld } from '../../course/session/begin-world.ts'
import { type CliCommand, UsageError } from '../command.ts'
import { dataFolder } from '../storage/data-folder.ts'
import { worldSource } from '../world-source.ts'
import { readWorldOptions, worldOptions } from './world-options.ts'

export const serve: CliCommand = {
  usage: 'serve [--topology T] [--port N] [--seed N] [--kubeconfig FILE]',
  summary: 'the cluster for real clients, on loopback',
  help: 'Writes a kubeconfig and says where. Ctrl-C ends it; nothing is kept.',
  options: { ...worldOptions, port: { type: 'string' }, kubeconfig: { type: 'string' } },
  operands: [0, 0],
  async run(input, context) {
    const { topology = 'two-node', seed } = readWorldOptions(input)
    if (topology === 'none' || topology === 'docker')
      throw new UsageError(`the topology ${topology} has no cluster to serve`)
    const port = input.values.port === undefined ? 8001 : Number(input.values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new UsageError(`--port is 0 to 65535, not "${input.values.port}"`)
    const { serveWorld } = await import('../../serve/serve-world.ts')
    const { kubeconfig } = await import('../../serve/kubeconfig.ts')
    const { world } = await beginWorld(await worldSource(), { topology }, seed)
    const { speed } = context.options
    const door = await serveWorld({
      world,
      port,
      ...(speed === undefined ? {} : { speed }),
      onFault: (error) => context.warn(`kubebook: ${error instanceof Error ? error.message : error}`),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') throw new UsageError(`port ${port} is in use; choose another with --port`)
      throw error
    })
    const file = resolve((input.values.kubeconfig as string | undefined) ?? join(dataFolder(process.env), 'kubeconfig'))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, kubeconfig(`http://127.0.0.1:${door.port}`), { mode: 0o600 })
    context.print(`The cluster listens on http://127.0.0.1:${door.port}`)
    context.print(`export KUBECONFIG=${file}`)
    await new Promise<void>((done) => {
      process.once('SIGINT', done)
      process.once('SIGTERM', done)
    })
    await door.close()
    return 0
  },
}

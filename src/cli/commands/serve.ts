import type { CliCommand } from '../command.ts'

export const serve: CliCommand = {
  usage: 'serve [--topology T] [--port N]',
  summary: 'the cluster for real clients, on loopback',
  operands: [0, 0],
  options: { topology: { type: 'string' }, port: { type: 'string' }, seed: { type: 'string' } },
  async run(_input, context) {
    context.warn('kubebook: serve: not simulated: the door for real clients')
    return 2
  },
}

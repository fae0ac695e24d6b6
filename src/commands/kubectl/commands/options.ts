import type { Command } from '../command.ts'
import { GLOBAL_FLAGS } from '../flags/global.ts'
import { flagsText } from '../help/usage.ts'

export const options: Command = {
  name: 'options',
  short: 'Print the list of flags inherited by all commands',
  long: 'Print the list of flags inherited by all commands',
  use: 'options',
  async run(session) {
    await session.print(
      `The following options can be passed to any command:\n\n${flagsText(GLOBAL_FLAGS.filter((flag) => !flag.hidden))}\n`,
    )
  },
}

export const alpha: Command = {
  name: 'alpha',
  short: 'Commands for features in alpha',
  long: 'These commands correspond to alpha features that are not enabled in Kubernetes clusters by default.',
  use: 'alpha',
  hidden: true,
  async run(session) {
    await session.printError('No alpha commands are available in this version of kubectl\n')
  },
}

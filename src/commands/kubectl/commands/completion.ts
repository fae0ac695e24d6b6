import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'

const SHELLS = ['bash', 'zsh', 'fish', 'powershell']

const HEADER = `
# Copyright 2016 The Kubernetes Authors.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
`

export const completion: Command = {
  name: 'completion',
  short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
  long: `Output shell completion code for the specified shell (bash, zsh, fish, or powershell). The shell code must be evaluated to provide interactive completion of kubectl commands. This can be done by sourcing it from the .bash_profile.

 This computer's shell completes kubectl by itself; sourcing the code changes nothing.`,
  examples: '\n# Load the kubectl completion code for bash into the current shell\nsource <(kubectl completion bash)',
  use: 'completion SHELL',
  async run(session) {
    const [shell] = session.args
    if (!shell) throw session.usageError('Shell not specified.')
    if (session.args.length > 1) throw session.usageError('Too many arguments. Expected only the shell type.')
    if (!SHELLS.includes(shell)) throw new CliError(`Unsupported shell type ${JSON.stringify(shell)}.`)
    await session.print(`${HEADER}\n# The line editor asks kubectl itself for commands, kinds and names.\n:\n`)
  },
}

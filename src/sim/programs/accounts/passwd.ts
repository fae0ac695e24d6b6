import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { userById, userByName } from '../applet/users.ts'
import { askPassword, isPassword, setPassword } from './passwords.ts'

/** Changes a password; root needs no old one and may change anyone's. */
export const passwd: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'dlueS', long: { delete: 'd', lock: 'l', unlock: 'u', status: 'S' } })
  const caller = userById(process, process.system.invoker.uid)
  const name = options.operands[0] ?? caller?.name ?? 'root'
  if (!userByName(process, name)) throw new AppletError(`user '${name}' does not exist`)
  for (const letter of ['d', 'l', 'u', 'e', 'S'])
    if (options.has(letter)) throw new AppletError(`not simulated: passwd -${letter}`)
  const isRoot = process.system.invoker.uid === 0
  if (!isRoot && caller?.name !== name)
    throw new AppletError(`You may not view or modify password information for ${name}.`)
  if (!isRoot) {
    await process.printError(`Changing password for ${name}.\n`)
    const current = await askPassword(process, 'Current password: ')
    if (!isPassword(process, name, current))
      throw new AppletError('Authentication token manipulation error', 10, 'passwd: password unchanged\n')
  }
  const first = await askPassword(process, 'New password: ')
  const second = await askPassword(process, 'Retype new password: ')
  if (first !== second || first === '')
    throw new AppletError(
      '',
      10,
      `${first === '' ? 'No password has been supplied' : 'Sorry, passwords do not match'}.\npasswd: Authentication token manipulation error\npasswd: password unchanged\n`,
    )
  setPassword(process, name, first)
  await process.printError('passwd: password updated successfully\n')
  return 0
}

import { flags } from '../../docker/cli/flag.ts'
import { type Call, COMMON, type Command, Exit, firstArgument } from '../command.ts'
import { adminKubectl, mustOnNode, onNode } from '../node-shell.ts'
import { containerState, loadProfile, needProfile, type Profile, profiles, saveProfile } from '../profile.ts'
import { table } from '../table.ts'
import { ADDONS, addonOf, OTHERS } from './index.ts'

export async function applyAddon({ process, out }: Call, profile: Profile, name: string): Promise<void> {
  const addon = addonOf(name)
  for (const image of addon.images) await out.option(`Using image ${image}`)
  await mustOnNode(process, profile.nodes[0]!.ip, adminKubectl('apply -f -'), addon.manifest)
}

/** Makes an addon run, or (on a cluster that is stopped) run with the next start. */
export async function enableAddon(call: Call, profile: Profile, name: string): Promise<void> {
  const { process, out } = call
  const addon = addonOf(name)
  if ((await containerState(process, profile.nodes[0]!.machine)) === 'running') {
    await applyAddon(call, profile, name)
    if (addon.verify) {
      const { namespace, label } = addon.verify
      await out.step('🔎', `Verifying ${name} addon...`)
      await onNode(
        process,
        profile.nodes[0]!.ip,
        adminKubectl(`wait -n ${namespace} --for=condition=Ready pod -l ${label} --timeout=6m`),
      )
    }
  }
  if (addon.tip) await out.step('💡', addon.tip)
  profile.addons[name] = true
  saveProfile(process, profile)
}

const enable: Command = {
  name: 'addons enable',
  summary: 'Enables the addon w/ADDON_NAME within minikube.',
  flags: [
    ...COMMON,
    ...flags`
      --force            If true, will perform potentially dangerous operations. Use with discretion.
      --images string    Images used by this addon. Separated by commas.
      --refresh          If true, pods might get deleted and restarted on addon enable
`,
  ],
  async run(call) {
    const { process, args, out } = call
    const name = firstArgument(args, 'usage: minikube addons enable ADDON_NAME')
    const { maintainer } = addonOf(name)
    const profile = needProfile(process, call.profile)
    await out.step(
      '💡',
      `${name} is an addon maintained by ${maintainer}. For any concerns contact minikube on GitHub.\nYou can view the list of minikube maintainers at: https://github.com/kubernetes/minikube/blob/master/OWNERS`,
    )
    await enableAddon(call, profile, name)
    await out.step('🌟', `The '${name}' addon is enabled`)
    return 0
  },
}

const disable: Command = {
  name: 'addons disable',
  summary: 'Disables the addon w/ADDON_NAME within minikube',
  flags: COMMON,
  async run(call) {
    const { process, args, out } = call
    const name = firstArgument(args, 'usage: minikube addons disable ADDON_NAME')
    const addon = addonOf(name)
    const profile = needProfile(process, call.profile)
    if ((await containerState(process, profile.nodes[0]!.machine)) === 'running')
      await onNode(process, profile.nodes[0]!.ip, adminKubectl('delete --ignore-not-found -f -'), addon.manifest)
    profile.addons[name] = false
    saveProfile(process, profile)
    await out.step('🌑', `"The '${name}' addon is disabled`)
    return 0
  },
}

const list: Command = {
  name: 'addons list',
  summary: 'Lists all available minikube addons as well as their current statuses (enabled/disabled)',
  flags: [
    ...COMMON,
    ...flags`
  -d, --docs            If true, print web links to addons' documentation if using --output=list (default).
  -o, --output string   minikube addons list --output OUTPUT. json, list
`,
  ],
  async run({ process, profile: name, flags: given, out }) {
    const profile = loadProfile(process, name)
    const all = [...ADDONS.map((addon) => [addon.name, addon.maintainer] as const), ...OTHERS].sort(([a], [b]) =>
      a < b ? -1 : 1,
    )
    const format = given.string('output') ?? 'list'
    if (format !== 'list' && format !== 'json')
      throw new Exit('MK_USAGE', `invalid output format: ${format}. Valid values: 'list', 'json'`, 14)
    const status = (addon: string) => (profile?.addons[addon] ? 'enabled' : 'disabled')
    if (format === 'json') {
      const object = Object.fromEntries(
        all.map(([addon]) => [addon, profile ? { Profile: name, Status: status(addon) } : {}]),
      )
      await process.print(`${JSON.stringify(object)}\n`)
      return 0
    }
    const withDocs = given.bool('docs')
    const docs = (addon: string) => (withDocs ? [ADDONS.find((each) => each.name === addon)?.docs ?? 'n/a'] : [])
    const state = (addon: string) => (status(addon) === 'enabled' ? 'enabled ✅' : 'disabled')
    const rows = all.map(([addon, maintainer]) => [
      addon,
      ...(profile ? [name, state(addon)] : []),
      maintainer,
      ...docs(addon),
    ])
    const head = ['ADDON NAME', ...(profile ? ['PROFILE', 'STATUS'] : []), 'MAINTAINER', ...(withDocs ? ['DOCS'] : [])]
    await process.print(table(head, rows))
    if (profiles(process).length > 1)
      await out.step('💡', 'To see addons list for other profiles use: `minikube addons -p name list`')
    return 0
  },
}

export const ADDON_COMMANDS: readonly Command[] = [list, enable, disable]

import { flags } from '../docker/cli/flag.ts'
import { ADDONS, type Addon } from './addon-manifests.ts'
import { type Call, COMMON, type Command, Exit } from './command.ts'
import { mustOnNode, onNode } from './node-shell.ts'
import { containerState, needProfile, type Profile, saveProfile } from './profile.ts'

export const DEFAULT_ADDONS = ['storage-provisioner', 'default-storageclass']

/** Addons that minikube has and this one has not, with their maintainers. */
const OTHERS: readonly [string, string][] = [
  ['ambassador', '3rd party (Ambassador)'],
  ['auto-pause', 'minikube'],
  ['cloud-spanner', 'Google'],
  ['csi-hostpath-driver', 'Kubernetes'],
  ['dashboard', 'Kubernetes'],
  ['efk', '3rd party (Elastic)'],
  ['gcp-auth', 'Google'],
  ['headlamp', '3rd party (kinvolk.io)'],
  ['inaccel', '3rd party (InAccel [info@inaccel.com])'],
  ['ingress', 'Kubernetes'],
  ['ingress-dns', 'minikube'],
  ['istio', '3rd party (Istio)'],
  ['kong', '3rd party (Kong HQ)'],
  ['metallb', '3rd party (MetalLB)'],
  ['registry', 'minikube'],
  ['volumesnapshots', 'Kubernetes'],
]

function addonOf(name: string): Addon {
  const found = ADDONS[name]
  if (found) return found
  if (OTHERS.some(([other]) => other === name)) throw new Exit('', `not simulated: minikube's addon ${name}`, 10)
  throw new Exit('MK_ADDON_ENABLE', `enable failed: property name "${name}" not found`, 10)
}

const kubectl = (text: string) => `sudo KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${text}`

export async function applyAddon({ process, out }: Call, profile: Profile, name: string): Promise<void> {
  const addon = addonOf(name)
  for (const image of addon.images) await out.option(`Using image ${image}`)
  await mustOnNode(process, profile.nodes[0]!.ip, kubectl('apply -f -'), addon.manifest)
}

async function needRunning({ process }: Call, profile: Profile): Promise<void> {
  if ((await containerState(process, profile.nodes[0]!.machine)) === 'running') return
  throw new Exit('MK_ADDON_ENABLE_PAUSED', `enabled failed: "${profile.name}" host is not running`, 10)
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
    const [name] = args
    if (name === undefined) throw new Exit('MK_USAGE', 'usage: minikube addons enable ADDON_NAME', 14)
    const addon = addonOf(name)
    const profile = needProfile(process, call.profile)
    await out.advice(
      `${name} is an addon maintained by ${addon.maintainer}. For any concerns contact minikube on GitHub.\nYou can view the list of minikube maintainers at: https://github.com/kubernetes/minikube/blob/master/OWNERS`,
    )
    await needRunning(call, profile)
    await applyAddon(call, profile, name)
    if (addon.waitFor) {
      await out.step('🔎', `Verifying ${name} addon...`)
      await onNode(process, profile.nodes[0]!.ip, kubectl(addon.waitFor))
    }
    profile.addons[name] = true
    saveProfile(process, profile)
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
    const [name] = args
    if (name === undefined) throw new Exit('MK_USAGE', 'usage: minikube addons disable ADDON_NAME', 14)
    const addon = addonOf(name)
    const profile = needProfile(process, call.profile)
    await needRunning(call, profile)
    await onNode(process, profile.nodes[0]!.ip, kubectl('delete --ignore-not-found -f -'), addon.manifest)
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
  async run({ process, profile: name, flags: given }) {
    const profile = needProfile(process, name)
    const all = [
      ...Object.entries(ADDONS).map(([addon, { maintainer }]) => [addon, maintainer] as const),
      ...OTHERS,
    ].sort(([a], [b]) => (a < b ? -1 : 1))
    if (given.string('output') === 'json') {
      const object = Object.fromEntries(
        all.map(([addon]) => [addon, { Profile: name, Status: profile.addons[addon] ? 'enabled' : 'disabled' }]),
      )
      await process.print(`${JSON.stringify(object)}\n`)
      return 0
    }
    const rows = all.map(([addon, maintainer]) => {
      const on = profile.addons[addon] === true
      return [addon, name, on ? 'enabled ✅' : 'disabled', maintainer]
    })
    await process.print(table(['ADDON NAME', 'PROFILE', 'STATUS', 'MAINTAINER'], rows))
    return 0
  },
}

/** A table with lines, headings in the middle, as minikube draws it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // The tick takes two columns.
  const length = (text: string) => [...text].length + (text.includes('✅') ? 1 : 0)
  const widths = head.map((title, i) => Math.max(length(title), ...rows.map((row) => length(row[i] ?? ''))))
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => '─'.repeat(width + 2)).join(middle)}${right}\n`
  const centre = (text: string, width: number) => {
    const left = Math.floor((width - length(text)) / 2)
    return ' '.repeat(left) + text + ' '.repeat(width - length(text) - left)
  }
  const line = (cells: readonly string[]) => `│ ${cells.join(' │ ')} │\n`
  const body = rows.map((row) => line(row.map((cell, i) => cell + ' '.repeat(widths[i]! - length(cell)))))
  return (
    rule('┌', '┬', '┐') +
    line(head.map((title, i) => centre(title, widths[i]!))) +
    rule('├', '┼', '┤') +
    body.join('') +
    rule('└', '┴', '┘')
  )
}

export const ADDON_COMMANDS: readonly Command[] = [list, enable, disable]

import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { enableAddon } from './addons/commands.ts'
import { ADDONS, addonOf } from './addons/index.ts'
import { configureNetwork, POD_NETWORK } from './cni.ts'
import {
  type Call,
  COMMON,
  type Command,
  Exit,
  KUBERNETES_VERSION,
  MINIKUBE_COMMIT,
  MINIKUBE_VERSION,
} from './command.ts'
import { adminKubectl, mustOnNode } from './node-shell.ts'
import {
  containerState,
  home,
  loadProfile,
  machineName,
  type Profile,
  type ProfileNode,
  saveProfile,
} from './profile.ts'
import { capture } from './shell.ts'
import { checkRuntime, cniOf, megabytes, option, versionOf } from './start-options.ts'

const KICBASE = 'gcr.io/k8s-minikube/kicbase:v0.0.48'
const system = (process: Process): string => {
  const text = process.files.readText('/etc/os-release')
  const name = /^ID=(\w+)/m.exec(text)?.[1] ?? 'linux'
  const version = process.files.exists('/etc/debian_version')
    ? process.files.readText('/etc/debian_version').trim()
    : ''
  return `${name.replace(/^./, (c) => c.toUpperCase())} ${version} (amd64)`
}

/** A Docker that answers; otherwise minikube ends with what is wrong. */
async function checkDriver(call: Call, existing: Profile | undefined): Promise<void> {
  const { process, out } = call
  const wanted = option(call, 'driver') ?? option(call, 'vm-driver')
  if (existing && wanted && wanted !== existing.driver)
    throw new Exit(
      'GUEST_DRIVER_MISMATCH',
      `The existing "${existing.name}" cluster was created using the "${existing.driver}" driver, which is incompatible with requested "${wanted}" driver.`,
      81,
    )
  if (wanted && wanted !== 'docker') {
    const drivers = [
      'none',
      'virtualbox',
      'kvm2',
      'qemu2',
      'podman',
      'vmware',
      'ssh',
      'hyperv',
      'hyperkit',
      'parallels',
      'vfkit',
      'krunkit',
    ]
    if (drivers.includes(wanted)) throw new Exit('', `not simulated: minikube's driver ${wanted} (docker is)`, 56)
    throw new Exit('DRV_UNSUPPORTED_OS', `The driver '${wanted}' is not supported on linux/amd64`, 56)
  }
  const { stderr, status } = await capture(process, [
    'docker',
    'version',
    '--format',
    '{{.Server.Os}}-{{.Server.Version}}',
  ])
  if (status === 0) {
    if (existing) await out.step('✨', `Using the docker driver based on existing profile`)
    else if (wanted) await out.step('✨', 'Using the docker driver based on user configuration')
    else await out.step('✨', 'Automatically selected the docker driver')
    return
  }
  if (/permission denied/.test(stderr))
    throw new Exit(
      'PROVIDER_DOCKER_NEWGRP',
      `"docker version --format {{.Server.Os}}-{{.Server.Version}}:{{.Server.Platform.Name}}" exit status 1: ${stderr.trim()}`,
      69,
      "Suggestion: Add your user to the 'docker' group: 'sudo usermod -aG docker $USER && newgrp docker'",
    )
  throw new Exit(
    wanted ? 'PROVIDER_DOCKER_NOT_RUNNING' : 'DRV_NOT_HEALTHY',
    wanted
      ? `"docker version --format <no value>-<no value>:<no value>" exit status 1: ${stderr.trim()}`
      : 'Found driver(s) but none were healthy. See above for suggestions how to fix installed drivers.',
    69,
  )
}

async function createContainer({ process, out }: Call, profile: Profile, node: ProfileNode): Promise<void> {
  await out.step('🔥', `Creating docker container (CPUs=${profile.cpus}, Memory=${profile.memory}MB) ...`)
  await mustDocker(process, [
    'run',
    '-d',
    '-t',
    '--privileged',
    '--hostname',
    node.machine,
    '--name',
    node.machine,
    '--label',
    'created_by.minikube.sigs.k8s.io=true',
    '--label',
    `name.minikube.sigs.k8s.io=${node.machine}`,
    '--label',
    `mode.minikube.sigs.k8s.io=${node.machine}`,
    '--network',
    profile.name,
    '--ip',
    node.ip,
    '-e',
    'container=docker',
    KICBASE,
  ])
  for (let i = 0; i < 30; i++) {
    await process.sleep(500)
    if ((await containerState(process, node.machine)) === 'running') break
  }
  await process.sleep(2000)
}

async function mustDocker(process: Process, args: readonly string[]): Promise<string> {
  const { stdout, stderr, status } = await capture(process, ['docker', ...args])
  if (status !== 0)
    throw new Exit(
      'GUEST_PROVISION',
      `error provisioning guest: Failed to start host: docker ${args[0]}: exit status ${status}\nstderr:\n${stderr}`,
      80,
    )
  return stdout
}

/** Finds a free range for the cluster's network, as minikube does: .49, .58, .67, … */
async function makeNetwork(process: Process, name: string): Promise<string> {
  const existing = await capture(process, [
    'docker',
    'network',
    'inspect',
    name,
    '--format',
    '{{(index .IPAM.Config 0).Subnet}}',
  ])
  if (existing.status === 0) return existing.stdout.trim().split('.').slice(0, 3).join('.')
  const taken = (await capture(process, ['ip', 'route'])).stdout
  for (let third = 49; third < 255; third += 9) {
    const base = `192.168.${third}`
    if (taken.includes(`${base}.`)) continue
    await mustDocker(process, [
      'network',
      'create',
      '--driver=bridge',
      `--subnet=${base}.0/24`,
      `--gateway=${base}.1`,
      '--label=created_by.minikube.sigs.k8s.io=true',
      `--label=name.minikube.sigs.k8s.io=${name}`,
      name,
    ])
    return base
  }
  throw new Exit('IF_SUBNET', 'no free private network subnets found with given parameters', 80)
}

const kubectlOn = (profile: Profile, text: string) => [profile.nodes[0]!.ip, adminKubectl(text)] as const

async function initialise(call: Call, profile: Profile): Promise<void> {
  const { process, out } = call
  const { ip, machine } = profile.nodes[0]!
  await out.step('📦', `Preparing Kubernetes ${profile.kubernetesVersion} on containerd 2.1.9 ...`)
  const version = /^v1\.3[56]\./.test(profile.kubernetesVersion) ? profile.kubernetesVersion : KUBERNETES_VERSION
  for (const command of [
    'sudo modprobe br_netfilter',
    "sudo sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
    `sudo sh -c 'echo "${ip}	control-plane.minikube.internal" >> /etc/hosts'`,
    `sudo kubeadm init --apiserver-advertise-address=${ip} --apiserver-bind-port=${profile.apiPort} --pod-network-cidr=${POD_NETWORK} --kubernetes-version=${version} --token-ttl 24h`,
    'sudo cp /etc/kubernetes/admin.conf /tmp/admin.conf',
  ])
    await mustOnNode(process, ip, command)
  const labels = `minikube.k8s.io/name=${profile.name} minikube.k8s.io/primary=true minikube.k8s.io/version=${MINIKUBE_VERSION} minikube.k8s.io/commit=${MINIKUBE_COMMIT}`
  await mustOnNode(process, ...kubectlOn(profile, `label --overwrite nodes ${machine} ${labels}`))
  await mustOnNode(process, ...kubectlOn(profile, `taint nodes ${machine} node-role.kubernetes.io/control-plane-`))
  await mustOnNode(process, ...kubectlOn(profile, '-n kube-system scale deployment coredns --replicas=1'))
}

/** Makes ~/.kube/config speak to the cluster. */
export async function configureKubectl({ process }: Call, profile: Profile): Promise<void> {
  const { ip } = profile.nodes[0]!
  const text = await mustOnNode(process, ip, 'sudo cat /etc/kubernetes/admin.conf')
  const data = (key: string) => atob(new RegExp(`${key}: (\\S+)`).exec(text)?.[1] ?? '')
  const own = `${home(process)}/profiles/${profile.name}`
  const files: [string, string][] = [
    [`${home(process)}/ca.crt`, data('certificate-authority-data')],
    [`${own}/client.crt`, data('client-certificate-data')],
    [`${own}/client.key`, data('client-key-data')],
  ]
  for (const [path, content] of files) {
    process.files.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true })
    process.files.write(path, content, { mode: 0o600 })
  }
  const name = profile.name
  for (const args of [
    ['set-cluster', name, `--server=https://${ip}:${profile.apiPort}`, `--certificate-authority=${files[0]![0]}`],
    ['set-credentials', name, `--client-certificate=${files[1]![0]}`, `--client-key=${files[2]![0]}`],
    ['set-context', name, `--cluster=${name}`, `--user=${name}`, '--namespace=default'],
    ['use-context', name],
  ])
    await capture(process, ['kubectl', 'config', ...args])
}

async function waitReady({ process, out }: Call, profile: Profile): Promise<void> {
  await out.step('🔎', 'Verifying Kubernetes components...')
  for (let i = 0; i < 240; i++) {
    const { stdout } = await capture(process, ['kubectl', '--context', profile.name, 'get', 'nodes', '--no-headers'])
    const rows = stdout.trim().split('\n')
    if (rows.length >= profile.nodes.length && rows.every((row) => / Ready /.test(row))) return
    await process.sleep(1000)
  }
  throw new Exit(
    'GUEST_START',
    'failed to start node: wait 6m0s for node: waiting for node to be ready: WaitNodeCondition: context deadline exceeded',
    80,
  )
}

/** Makes one more machine and lets it join. */
export async function addNode(call: Call, profile: Profile): Promise<void> {
  const { process, out } = call
  const n = profile.nodes.length + 1
  const base = await makeNetwork(process, profile.name)
  const node: ProfileNode = { machine: machineName(profile.name, n), ip: `${base}.${n + 1}`, controlPlane: false }
  await out.step('👍', `Starting "${node.machine}" worker node in "${profile.name}" cluster`)
  await out.step('🚜', `Pulling base image ${KICBASE.split(':')[1]} ...`)
  await createContainer(call, profile, node)
  await out.step('📦', `Preparing Kubernetes ${profile.kubernetesVersion} on containerd 2.1.9 ...`)
  await mustOnNode(process, node.ip, 'sudo modprobe br_netfilter')
  const line = await mustOnNode(process, profile.nodes[0]!.ip, 'sudo kubeadm token create --print-join-command --ttl=0')
  await mustOnNode(process, node.ip, `sudo ${line.trim()}`)
  profile.nodes.push(node)
  saveProfile(process, profile)
  await mustOnNode(
    process,
    ...kubectlOn(
      profile,
      `label --overwrite nodes ${node.machine} minikube.k8s.io/name=${profile.name} minikube.k8s.io/primary=false`,
    ),
  )
}

async function restart(call: Call, profile: Profile): Promise<void> {
  const { process, out } = call
  for (const node of profile.nodes) {
    await out.step(
      '👍',
      `Starting "${node.machine}" ${node.controlPlane ? 'primary control-plane' : 'worker'} node in "${profile.name}" cluster`,
    )
    await out.step('🚜', `Pulling base image ${KICBASE.split(':')[1]} ...`)
    if ((await containerState(process, node.machine)) === 'running') {
      await out.step('🏃', `Updating the running docker "${node.machine}" container ...`)
    } else {
      await out.step('🔄', `Restarting existing docker container for "${node.machine}" ...`)
      await mustDocker(process, ['start', node.machine])
      await process.sleep(3000)
    }
    await out.step('📦', `Preparing Kubernetes ${profile.kubernetesVersion} on containerd 2.1.9 ...`)
  }
  await configureKubectl(call, profile)
  await waitReady(call, profile)
}

async function enableAddons(call: Call, profile: Profile): Promise<void> {
  const wanted = Object.keys(profile.addons).filter((name) => profile.addons[name])
  for (const name of wanted) await enableAddon(call, profile, name)
  await call.out.step('🌟', `Enabled addons: ${wanted.join(', ')}`)
}

export const start: Command = {
  name: 'start',
  summary: 'Starts a local Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
      --addons strings               Enable addons. see \`minikube addons list\` for a list of valid addon names.
      --base-image string            The base image to use for docker/podman drivers.
      --cni string                   CNI plug-in to use.
      --container-runtime string     The container runtime to be used.
      --cpus string                  Number of CPUs allocated to Kubernetes. (default "2")
      --delete-on-failure            If set, delete the current cluster if start fails and try again.
      --driver string                Driver is one of: docker
      --force                        Force minikube to perform possibly dangerous operations
      --image-mirror-country string  Country code of the image mirror to be used.
      --image-repository string      Alternative image repository to pull docker images from.
      --install-addons               If set, install addons. Defaults to true. (default true)
      --kubernetes-version string    The Kubernetes version that the minikube VM will use
      --memory string                Amount of RAM to allocate to Kubernetes
  -n, --nodes int                    The total number of nodes to spin up. (default 1)
      --registry-mirror strings      Registry mirrors to pass to the Docker daemon
      --vm-driver string             DEPRECATED, use \`driver\` instead.
      --wait string                  comma separated list of Kubernetes components to verify and wait for after starting a cluster.
`,
  ],
  async run(call) {
    const { process, flags: given, out, profile: name } = call
    const prefix = name === 'minikube' ? '' : `[${name}] `
    await out.step('😄', `${prefix}minikube ${MINIKUBE_VERSION} on ${system(process)}`)
    const existing = loadProfile(process, name)
    const version = await versionOf(call, existing)
    checkRuntime(call)
    if (process.credentials.uid === 0 && !given.bool('force')) {
      await checkDriver(call, existing)
      throw new Exit('DRV_AS_ROOT', 'The "docker" driver should not be used with root privileges.', 64)
    }
    await checkDriver(call, existing)
    if (version !== KUBERNETES_VERSION && !/^v1\.36\./.test(version))
      await out.warning(`not simulated: Kubernetes ${version}; the cluster behaves as ${KUBERNETES_VERSION}`)
    const cpus = Number(option(call, 'cpus') ?? existing?.cpus ?? 2)
    if (cpus < 2)
      throw new Exit('RSRC_INSUFFICIENT_CORES', `Requested cpu count ${cpus} is less than the minimum allowed of 2`, 29)
    const memory = megabytes(option(call, 'memory')) ?? existing?.memory ?? 3072
    if (memory < 1800 && !given.bool('force'))
      throw new Exit(
        'RSRC_INSUFFICIENT_REQ_MEMORY',
        `Requested memory allocation ${memory}MiB is less than the usable minimum of 1800MB`,
        23,
      )
    for (const name of given.list('addons')) addonOf(name)
    if (existing) {
      for (const name of given.list('addons')) existing.addons[name] = true
      await restart(call, existing)
      await enableAddons(call, existing)
      await done(call, existing)
      return 0
    }
    const nodes = Number(option(call, 'nodes') ?? 1)
    const cni = cniOf(call, nodes)
    const defaults = ADDONS.filter(({ isDefault }) => isDefault).map((addon) => addon.name)
    await out.step('📌', 'Using Docker driver with root privileges')
    await out.step('👍', `Starting "${name}" primary control-plane node in "${name}" cluster`)
    await out.step('🚜', `Pulling base image ${KICBASE.split(':')[1]} ...`)
    await mustDocker(process, ['pull', '-q', KICBASE])
    await out.step('💾', `Downloading Kubernetes ${version} preload ...`)
    const base = await makeNetwork(process, name)
    const profile: Profile = {
      name,
      driver: 'docker',
      kubernetesVersion: version,
      runtime: 'containerd',
      apiPort: 8443,
      cpus,
      memory,
      nodes: [{ machine: name, ip: `${base}.2`, controlPlane: true }],
      addons: Object.fromEntries([...defaults, ...given.list('addons')].map((addon) => [addon, true])),
    }
    await createContainer(call, profile, profile.nodes[0]!)
    saveProfile(process, profile)
    await initialise(call, profile)
    await configureNetwork(call, profile, cni)
    await configureKubectl(call, profile)
    // Without a Pod network no node turns Ready; minikube goes on all the same.
    if (cni !== 'false') await waitReady(call, profile)
    await enableAddons(call, profile)
    for (let n = 2; n <= nodes; n++) {
      await process.print('\n')
      await addNode(call, profile)
      if (cni !== 'false') await waitReady(call, profile)
    }
    await done(call, profile)
    return 0
  },
}

async function done({ out }: Call, profile: Profile): Promise<void> {
  await out.step(
    '🏄',
    `Done! kubectl is now configured to use "${profile.name}" cluster and "default" namespace by default`,
  )
}

import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kubeconfig } from '../../src/serve/kubeconfig.ts'
import { type DoorWorld, openDoorWorld, runReal, type Seen, whereIs } from './door-world.ts'
import {
  CLUSTER_WRITES,
  MORE_READS,
  MORE_WRITES,
  READS,
  readsOf,
  SLOW_WRITES,
  STREAMS,
  WRITES,
  writesOf,
} from './kubectl-commands.ts'
import { withoutVersionDifferences } from './kubectl-versions.ts'

const kubectl = process.env.KUBECTL ?? newest(whereIs('kubectl'))
const everything = process.env.KUBEBOOK_DOORS === 'all'
if (!kubectl) console.info('skipped: no kubectl on the PATH to send through the door')

const QUICK_WRITES = WRITES.filter((command) => !SLOW_WRITES.has(command))

const manifest = (name: string) => readFileSync(new URL(`manifests/${name}`, import.meta.url), 'utf8')

describe.skipIf(!kubectl)('the real kubectl through the door of kubebook serve', () => {
  let world: DoorWorld
  let minor = 0
  const folder = mkdtempSync(join(tmpdir(), 'kubebook-door-'))

  const by = (client: string, command: string) =>
    runReal(['/bin/sh', '-c', command.replace(/^((?:\w+=(?:"[^"]*"|\S+) )*|.*\| )kubectl/, `$1${client}`)], {
      env: { KUBECONFIG: join(folder, 'config'), HOME: folder },
      cwd: folder,
    })
  const real = (command: string) => by(kubectl!, command)

  beforeAll(async () => {
    world = await openDoorWorld('two-node', 20)
    writeFileSync(join(folder, 'config'), kubeconfig(`http://127.0.0.1:${world.served.port}`))
    for (const name of ['every-kind.yaml', 'cluster-kinds.yaml']) {
      writeFileSync(join(folder, name), manifest(name))
      await world.writeFile(name, manifest(name))
    }
    minor = Number(/Client Version: v\d+\.(\d+)/.exec((await real('kubectl version')).stdout)?.[1])
    await real('kubectl apply -f cluster-kinds.yaml')
    await real('kubectl apply -f every-kind.yaml')
    await real(
      `printf 'apiVersion: example.com/v1\\nkind: Lamp\\nmetadata: {name: desk}\\nspec: {watts: 7}' | ${kubectl} apply -f -`,
    )
    await real('kubectl wait --for=condition=Ready pod/solo pod/db-0 --timeout=20s')
  }, 30_000)

  afterAll(async () => {
    await world.close()
    rmSync(folder, { recursive: true })
  })

  /** Both standard streams and the status, without what clients of other versions print otherwise. */
  const seen = ({ stdout, stderr, status }: Seen) =>
    withoutVersionDifferences(`${stdout}${stderr && `[stderr]\n${stderr}`}[${status}]\n`, minor)

  const resources = async (verb: string, more = '') => {
    const { stdout } = await world.ours(`kubectl api-resources --verbs=${verb} -o name ${more}`)
    // The real client takes these for the core group's events in some commands.
    return stdout.split('\n').filter((name) => name && name !== 'events.events.k8s.io')
  }

  test('prints what our own kubectl prints of the same objects', async () => {
    const differing: Record<string, { real: string; ours: string }> = {}
    let commands = everything ? [...READS, ...MORE_READS, ...(await resources('list')).flatMap(readsOf)] : READS
    // Between two questions an age may change; what still differs when asked again is a difference.
    for (let round = 0; round < 3 && commands.length > 0; round++) {
      const again: string[] = []
      for (let i = 0; i < commands.length; i += 8) {
        const some = commands.slice(i, i + 8)
        await world.still(async (ours) => {
          const theirs = await Promise.all(some.map(real))
          for (const [j, command] of some.entries()) {
            const pair = {
              real: comparable(command, seen(theirs[j]!)),
              ours: comparable(command, seen(await ours(command))),
            }
            if (pair.real === pair.ours) delete differing[command]
            else {
              differing[command] = pair
              again.push(command)
            }
          }
        })
      }
      commands = again
    }
    expect(column(differing, 'real')).toEqual(column(differing, 'ours'))
  }, 400_000)

  // The oldest client speaks SPDY, the newest WebSockets.
  test.each(kubectl ? [kubectl, ...oldest(kubectl)] : [])(
    'runs commands in Pods, copies and forwards: %s',
    async (client) => {
      for (const command of everything || client === kubectl ? STREAMS : STREAMS.slice(0, 4)) {
        const [theirs, ours] = await Promise.all([by(client, command), world.ours(command)])
        expect({ command, said: twin(seen(theirs)) }).toEqual({ command, said: twin(seen(ours)) })
      }
      const forwarding = by(`timeout 2 ${client}`, 'kubectl port-forward deploy/web 18080:80 18081:81')
      await expect
        .poll(() =>
          fetch('http://127.0.0.1:18080/')
            .then((answer) => answer.text())
            .catch(() => ''),
        )
        .toContain('nginx')
      await expect(fetch('http://127.0.0.1:18081/')).rejects.toThrow()
      expect((await forwarding).stderr).toContain('an error occurred forwarding 18081 -> 81')
      const attached = await by(
        client,
        'echo said | kubectl run -i --rm say --image=nginx:alpine --restart=Never -- cat',
      )
      expect(attached.stdout).toContain('said\n')
    },
  )

  test('does what our own kubectl does, in the same words', async () => {
    await real('kubectl create ns real')
    await real('kubectl create ns ours')
    await real('kubectl config set-context --current --namespace=real')
    await world.ours('kubectl config set-context --current --namespace=ours')
    const perKind = everything ? (await resources('patch', '--namespaced')).filter(hasGivenNames).flatMap(writesOf) : []
    for (const command of everything ? [...WRITES, ...perKind, ...MORE_WRITES] : QUICK_WRITES) {
      const [theirs, ours] = await Promise.all([real(command), world.ours(command)])
      expect({ command, said: twin(seen(theirs)) }).toEqual({ command, said: twin(seen(ours)) })
    }
  }, 400_000)

  test('and ours undo each other’s changes of the cluster', async () => {
    for (const [done, undone] of CLUSTER_WRITES) {
      const first = seen(await real(done))
      expect(seen(await world.ours(undone))).toMatch(/\[0\]\n$/)
      expect(seen(await world.ours(done))).toBe(first)
      expect(seen(await real(undone))).toMatch(/\[0\]\n$/)
    }
  })

  test('watches', async () => {
    const watching = real('timeout 0.6 kubectl get cm -w -o name'.replace('kubectl', kubectl!))
    await real('kubectl create cm seen')
    expect((await watching).stdout).toContain('configmap/seen\n')
  })
})

/** A dispatcher keeps the clients it chooses from beside itself; the newest of them is nearest to ours. */
function newest(path: string | undefined): string | undefined {
  if (!path) return undefined
  const folder = dirname(realpathSync(path))
  const minors = readdirSync(folder).flatMap((name) => /^kubectl\.1\.(\d+)$/.exec(name)?.[1] ?? [])
  return minors.length === 0 ? path : join(folder, `kubectl.1.${Math.max(...minors.map(Number))}`)
}

/** The dispatcher's oldest client, where there is one. */
function oldest(newest: string): string[] {
  const minor = /^(.*\.)(\d+)$/.exec(newest)
  if (!minor) return []
  const minors = readdirSync(dirname(newest)).flatMap((name) => /^kubectl\.1\.(\d+)$/.exec(name)?.[1] ?? [])
  return [`${minor[1]}${Math.min(...minors.map(Number))}`]
}

/** Names of the others hold chance: no two worlds, and no two namespaces, have the same. */
const hasGivenNames = (resource: string) =>
  !/^(events|pods$|replicasets|endpointslices|controllerrevisions)/.test(resource)

/** The lines that only one of both printed; the first few are enough to see why. */
function column(differing: Record<string, { real: string; ours: string }>, who: 'real' | 'ours') {
  const other = who === 'real' ? 'ours' : 'real'
  return Object.fromEntries(
    Object.entries(differing).map(([command, pair]) => {
      const there = new Set(pair[other].split('\n'))
      return [
        command,
        pair[who]
          .split('\n')
          .filter((line) => !there.has(line))
          .slice(0, 8),
      ]
    }),
  )
}

/** describe reckons ages with the client's clock, and the world has its own; events of one moment have no order. */
function comparable(command: string, text: string): string {
  if (!/describe|events/.test(command)) return text
  return text
    .replace(/\b\d+(s|m\d*s?|h\d*m?|d\d*h?)\b/g, 'AGE')
    .replace(/\bAge( +)/g, 'Age ')
    .replace(/^( +)-{4}( +)-{6}( +)-{4}( +)/gm, ' ')
    .replace(/AGE *(\(x\d+ over AGE\))? +/g, 'AGE ')
}

/** The same in both namespaces: names, addresses and moments that chance gives. */
function twin(text: string): string {
  return text
    .replace(/\b(real|ours)\b/g, 'NS')
    .replace(/\b[0-9a-f]{64}\b/g, 'ID')
    .replace(/\b[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, 'HASH')
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UID')
    .replace(/resourceVersion: "\d+"/g, 'resourceVersion: N')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replace(/Waiting for .*\n/g, '')
}

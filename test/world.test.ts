import { expect, test } from 'vitest'
import { commands } from '../src/commands/index.ts'
import { createWorld } from '../src/sim/world/create-world.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))
const SCRIPT = `kubectl create deploy web --image=nginx:alpine --replicas=3
kubectl rollout status deploy/web
kubectl get pods -o wide
`

const run = async (seed: number) => {
  const world = await createWorld({ seed, topology: 'two-node', commands, drain })
  return { world, result: await world.script(SCRIPT) }
}

test('one seed gives one world, byte for byte; another seed gives other names', async () => {
  const [a, b, c] = [await run(1), await run(1), await run(2)]
  expect(a.result.status).toBe(0)
  expect(a.result.stdout).toContain('deployment "web" successfully rolled out')
  expect(b.result).toEqual(a.result)
  expect(c.result.stdout).not.toBe(a.result.stdout)
})

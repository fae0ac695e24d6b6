import { expect, it } from 'vitest'
import { mutantsOf } from './mutants.ts'

it('drops commands, changes flags, words and the values of manifests', () => {
  const script =
    "cat > p.yml <<'YAML'\nkind: Pod\nmetadata: {name: a, labels: {app: x}}\nspec:\n  containers:\n  - image: nginx\n    args: [one]\nYAML\nkubectl apply -f p.yml\nkubectl scale deployment web --replicas=3"
  const changes = mutantsOf(script).map(({ change }) => change)
  expect(changes).toEqual([
    "drop: cat > p.yml <<'YAML'",
    'metadata.name: a → ax',
    'metadata.labels.app: x → xx',
    'spec.containers[0].image: nginx → nginxx',
    'spec.containers[0].args[0]: one → onex',
    'drop: kubectl apply -f p.yml',
    'drop: kubectl scale deployment web --replicas=3',
    'kubectl scale deployment web --replicas=3: web → webx',
    'kubectl scale deployment web --replicas=3: without --replicas=3',
    'kubectl scale deployment web --replicas=3: --replicas=3 → 4',
  ])
  expect(mutantsOf(script)[3]!.script).toContain('- image: nginxx')
})

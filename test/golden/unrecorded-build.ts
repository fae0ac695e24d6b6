import { parseFlags } from '../../src/commands/docker/cli/flag-values.ts'
import { run } from '../../src/commands/docker/container/run.ts'
import type { Scenario } from './scenario.ts'

/**
 * The recorder prepared some scenarios with a build that is not among the steps: a Dockerfile lies there, nothing builds
 * it, and a container is run of an image that the header does not list. Such a build belongs to the start.
 */
export function unrecordedBuild(scenario: Scenario): string | undefined {
  const files = Object.keys(scenario.files).filter((path) => /(^|\/)Dockerfile$/.test(path))
  const commands = scenario.steps.flatMap((step) => (step.kind === 'run' ? [step.run] : []))
  if (
    files.length !== 1 ||
    commands.some((command) => /docker (\w+ )?(build|commit|import|load|pull|tag)\b/.test(command))
  )
    return undefined
  const present = new Set(scenario.images)
  for (const command of commands) {
    const image = imageOf(command)
    if (image === undefined || present.has(image) || present.has(`${image}:latest`)) continue
    return `docker build -q -t ${image} ${files[0]!.replace(/\/?Dockerfile$/, '') || '.'}`
  }
  return undefined
}

function imageOf(command: string): string | undefined {
  const words = /^docker run (.*)/.exec(command)?.[1]?.split(/\s+/)
  if (!words) return undefined
  try {
    return parseFlags(run.flags, words, { interspersed: false }).args[0]
  } catch {
    return undefined
  }
}

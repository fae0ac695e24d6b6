import { parseFlags } from '../../src/commands/docker/cli/flag-values.ts'
import { run } from '../../src/commands/docker/container/run.ts'
import type { RunStep, Scenario } from './scenario.ts'

/**
 * The recorder prepared some scenarios with a build that is not among the steps: a Dockerfile lies there, nothing builds
 * it, and a container is run of an image that the header does not list. Such a build belongs to the start.
 */
export function unrecordedBuild(scenario: Scenario): string | undefined {
  const files = Object.keys(scenario.files).filter((path) => /(^|\/)Dockerfile$/.test(path))
  const commands = commandsOf(scenario)
  if (files.length !== 1 || mentions(commands, 'build|commit|import|load|pull|tag')) return undefined
  const present = new Set(scenario.images)
  for (const command of commands) {
    const image = imageOf(command)
    if (image === undefined || present.has(image) || present.has(`${image}:latest`)) continue
    return `docker build -q -t ${image} ${files[0]!.replace(/\/?Dockerfile$/, '') || '.'}`
  }
  return undefined
}

/** A private registry holds what the recording shows being pulled from it, though nothing was pushed to it. */
export function unrecordedPush(scenario: Scenario, step: RunStep): string | undefined {
  if (!scenario.docker || mentions(commandsOf(scenario), 'push')) return undefined
  const image = /^Status: Downloaded newer image for ((?:127\.0\.0\.1|localhost):\d+\/\S+)$/m.exec(step.stdout)?.[1]
  return image && `docker tag ${scenario.images[0]} ${image}; docker push ${image}; docker rmi ${image}`
}

const commandsOf = (scenario: Scenario) => scenario.steps.flatMap((step) => (step.kind === 'run' ? [step.run] : []))

const mentions = (commands: readonly string[], verbs: string) =>
  commands.some((command) => new RegExp(`docker (\\w+ )?(${verbs})\\b`).test(command))

function imageOf(command: string): string | undefined {
  const words = /^docker run (.*)/.exec(command)?.[1]?.split(/\s+/)
  if (!words) return undefined
  try {
    return parseFlags(run.flags, words, { interspersed: false }).args[0]
  } catch {
    return undefined
  }
}

import { matchesRequirements, parseSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import { CliError } from '../../errors/errors.ts'

/** Whether an object carries the labels that `-l` asks for. */
export function matchingLabels(selector: string): (object: any) => boolean {
  if (!selector) return () => true
  try {
    const requirements = parseSelector(selector)
    return (object) => matchesRequirements(requirements, object.metadata?.labels)
  } catch (error) {
    throw new CliError((error as Error).message)
  }
}

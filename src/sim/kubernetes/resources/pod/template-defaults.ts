import { defaultPodSpec } from './spec-defaults.ts'

/** Defaults of a workload's Pod template. */
export function defaultTemplate(template: any): void {
  if (template?.spec) defaultPodSpec(template.spec)
}

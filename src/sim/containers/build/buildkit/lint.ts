import { jsonForm, words } from '../dockerfile.ts'
import type { Plan } from './plan.ts'

const SECRET = /(?:^|_)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i
const PUBLIC = /public/i

/** BuildKit's remarks on a Dockerfile that builds all the same, in the order of its lines. */
export function lint(plan: Plan, text: string, ignored: readonly string[]): string[] {
  const found: [line: number, text: string][] = []
  const remark = (line: number, rule: string, words: string) => found.push([line, `${rule}: ${words} (line ${line})`])
  const lines = text.split('\n')
  const written = (line: number) => /^\s*(\S+)/.exec(lines[line - 1] ?? '')?.[1] ?? ''
  const upper = plan.instructions.filter((step) => written(step.line) === step.name).length
  const lower = plan.instructions.filter((step) => written(step.line) === step.name.toLowerCase()).length
  const style = upper >= lower ? 'uppercase' : 'lowercase'
  for (const step of plan.instructions) {
    const word = written(step.line)
    const wanted = style === 'uppercase' ? word.toUpperCase() : word.toLowerCase()
    if (word !== wanted)
      remark(
        step.line,
        'ConsistentInstructionCasing',
        `Command '${word}' should match the case of the command majority (${style})`,
      )
    if (step.name === 'FROM') {
      const as = /\s(as)\s/i.exec(step.rest)?.[1]
      if (as && (as === 'as') !== (word === 'from'))
        remark(step.line, 'FromAsCasing', `'${as}' and '${word}' keywords' casing do not match`)
      const name = /\sas\s+(\S+)/i.exec(step.rest)?.[1]
      if (name && name !== name.toLowerCase())
        remark(step.line, 'StageNameCasing', `Stage name '${name}' should be lowercase`)
    }
    if (step.name === 'MAINTAINER')
      remark(step.line, 'MaintainerDeprecated', 'Maintainer instruction is deprecated in favor of using label')
    if ((step.name === 'ENV' || step.name === 'LABEL') && !/^\S*=/.test(step.rest))
      remark(
        step.line,
        'LegacyKeyValueFormat',
        `"${step.name} key=value" should be used instead of legacy "${step.name} key value" format`,
      )
    if (step.name === 'ENV' || step.name === 'ARG')
      for (const [, name = ''] of step.rest.matchAll(/(?:^|\s)([A-Za-z_]\w*)(?==|\s|$)/g))
        if (SECRET.test(name) && !PUBLIC.test(name))
          remark(
            step.line,
            'SecretsUsedInArgOrEnv',
            `Do not use ARG or ENV instructions for sensitive data (${step.name} "${name}")`,
          )
  }
  for (const stage of plan.stages) {
    let workdir = false
    const shell = stage.steps.some((step) => step.name === 'SHELL')
    for (const kind of ['CMD', 'ENTRYPOINT'] as const) {
      const all = stage.steps.filter((step) => step.name === kind)
      for (const step of all) {
        if (!jsonForm(step.rest) && !shell)
          remark(
            step.line,
            'JSONArgsRecommended',
            `JSON arguments recommended for ${kind} to prevent unintended behavior related to OS signals`,
          )
      }
      for (const step of all.slice(0, -1))
        remark(
          step.line,
          'MultipleInstructionsDisallowed',
          `Multiple ${kind} instructions should not be used in the same stage because only the last one will be used`,
        )
    }
    for (const step of stage.steps) {
      if (!['COPY', 'ADD'].includes(step.name) || step.flags.from) continue
      for (const source of (jsonForm(step.rest) ?? words(step.rest)).slice(0, -1))
        if (ignored.includes(source.replace(/^(\.?\/)+/, '')))
          remark(
            step.line,
            'CopyIgnoredFile',
            `Attempting to ${step.name === 'ADD' ? 'Add' : 'Copy'} file ${JSON.stringify(source)} that is excluded by .dockerignore`,
          )
    }
    for (const step of stage.steps) {
      if (step.name !== 'WORKDIR') continue
      if (!workdir && !step.rest.startsWith('/') && !step.rest.startsWith('$'))
        remark(
          step.line,
          'WorkdirRelativePath',
          `Relative workdir ${JSON.stringify(step.rest)} can have unexpected results if the base image changes`,
        )
      workdir = true
    }
  }
  return found.sort(([a], [b]) => a - b).map(([, remarkText]) => remarkText)
}

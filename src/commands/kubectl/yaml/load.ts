import YAML, { type Tags } from 'yaml'
import { yamlProblem } from './problem.ts'

/** A text that is no YAML; the message is go-yaml's: `yaml: line 5: mapping values are not allowed in this context`. */
export class YamlError extends Error {}

/** YAML 1.1 as sigs.k8s.io/yaml reads it: `yes`, `on`, `0777` and `<<` mean something, dates and sexagesimals don't. */
const withoutDates = (tags: Tags): Tags =>
  tags.filter(
    (tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !/:(timestamp|binary|omap|pairs|set)$/.test(tag.tag)),
  )

/** One document as JSON. Later duplicates of a key win. */
export function parseYaml(text: string): unknown {
  const document = YAML.parseDocument(text, {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    customTags: withoutDates,
    logLevel: 'silent',
  })
  const [problem] = document.errors
  if (problem) throw new YamlError(yamlProblem(text, problem))
  try {
    return plain(document.toJS({ maxAliasCount: 10_000 }))
  } catch (error) {
    const alias = /set before the alias\): (\S+)/.exec((error as Error).message)
    throw new YamlError(alias ? `yaml: unknown anchor '${alias[1]}' referenced` : `yaml: ${(error as Error).message}`)
  }
}

/** Undefined (`key:` with nothing) becomes null. */
function plain(value: unknown): unknown {
  return value === undefined ? null : value
}

/** Documents of a stream as apimachinery splits it: at lines that begin with `---`. */
export function splitDocuments(text: string): string[] {
  const documents = `\n${text}`.split(/\n---[^\S\n]*(?:#[^\n]*)?(?=\n|$)/)
  return documents.map((document) => document.replace(/^\n/, ''))
}

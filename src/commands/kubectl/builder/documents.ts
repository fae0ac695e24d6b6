import { CliError } from '../errors/errors.ts'
import { compactJson } from '../json/json.ts'
import { parseYaml, splitDocuments, YamlError } from '../yaml/load.ts'
import type { ManifestFile } from './manifest-files.ts'

/** The objects of one file. Throws CliError for a text that cannot be read. */
export function parseDocuments(file: ManifestFile, validate: boolean): { objects: any[]; errors: Error[] } {
  const objects: any[] = []
  const errors: Error[] = []
  for (const value of values(file)) {
    if (value === null || value === undefined) continue
    const problem = checkDocument(file.source, value, validate)
    if (problem) errors.push(problem)
    else objects.push(value)
  }
  return { objects, errors }
}

function values(file: ManifestFile): unknown[] {
  if (/^\s*\{/.test(file.text)) {
    try {
      return [JSON.parse(file.text)]
    } catch {
      // Not JSON after all; YAML forgives a comma too many.
    }
  }
  return splitDocuments(file.text).map((text) => {
    try {
      return parseYaml(text)
    } catch (error) {
      if (error instanceof YamlError)
        throw new CliError(`error parsing ${file.source}: error converting YAML to JSON: ${error.message}`)
      throw error
    }
  })
}

const IGNORE = 'if you choose to ignore these errors, turn validation off with --validate=false'

function checkDocument(source: string, value: unknown, validate: boolean): Error | undefined {
  const isObject = typeof value === 'object' && !Array.isArray(value)
  const { apiVersion, kind } = (isObject ? value : {}) as Record<string, unknown>
  if (validate) {
    const problems = !isObject
      ? ['invalid object to validate']
      : [...(apiVersion ? [] : ['apiVersion not set']), ...(kind ? [] : ['kind not set'])]
    if (problems.length > 0) {
      const text = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`
      return new CliError(`error validating ${JSON.stringify(source)}: error validating data: ${text}; ${IGNORE}`)
    }
  }
  const undecodable = metadataProblem(value, isObject)
  return undecodable ? new CliError(`unable to decode ${JSON.stringify(source)}: ${undecodable}`) : undefined
}

function metadataProblem(value: any, isObject: boolean): string | undefined {
  if (!isObject)
    return `json: cannot unmarshal ${goKind(value)} into Go value of type struct { v1.TypeMeta "json:\\",inline\\""; v1.ObjectMeta "json:\\"metadata\\"" }`
  if (!value.kind) return `Object 'Kind' is missing in '${compactJson(value)}'`
  if (!value.apiVersion) return `Object 'apiVersion' is missing in '${compactJson(value)}'`
  const metadata = value.metadata
  if (metadata === undefined || metadata === null) return undefined
  if (typeof metadata !== 'object' || Array.isArray(metadata)) return wrong(metadata, 'metadata', 'v1.ObjectMeta')
  for (const field of ['annotations', 'generateName', 'labels', 'name', 'namespace']) {
    const found = metadata[field]
    if (found === undefined || found === null) continue
    if (field !== 'annotations' && field !== 'labels') {
      if (typeof found !== 'string') return wrong(found, `metadata.${field}`, 'string')
    } else if (typeof found !== 'object' || Array.isArray(found)) {
      return wrong(found, `metadata.${field}`, 'map[string]string')
    } else {
      const bad = Object.keys(found)
        .sort()
        .map((key) => found[key])
        .find((v) => typeof v !== 'string' && v !== null)
      if (bad !== undefined) return wrong(bad, `metadata.${field}`, 'string')
    }
  }
  return undefined
}

const wrong = (value: unknown, field: string, type: string) =>
  `json: cannot unmarshal ${goKind(value)} into Go struct field ObjectMeta.${field} of type ${type}`

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

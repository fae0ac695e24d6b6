import { deepEqual } from '../../api/json.ts'
import { badRequest, statusFailure } from '../../api/status-error.ts'
import { structuredCloneJson } from '../decode.ts'

interface Operation {
  op: string
  path: string
  from?: string
  value?: unknown
}

/** RFC 6902, with the words of the library that servers use. Throws ApiError. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${patch === null ? 'null' : typeof patch === 'boolean' ? 'bool' : typeof patch} into Go value of type []handlers.jsonPatchOp`,
    )
  const root = { value: structuredCloneJson(target) }
  for (const operation of patch as Operation[]) apply(root, operation)
  return root.value
}

/** The library's own words stay in the server's log. */
const unprocessable = (_words: string) =>
  statusFailure(422, 'Invalid', 'the server rejected our request due to an error in our request')

function apply(root: { value: any }, { op, path, from, value }: Operation): void {
  const fail = (words: string): never => {
    throw unprocessable(words)
  }
  if (typeof path !== 'string') fail(`${op} operation does not apply: doc is missing path: missing value`)
  switch (op) {
    case 'add':
      add(root, path, structuredCloneJson(value), op)
      return
    case 'remove':
      remove(root, path, op)
      return
    case 'replace': {
      if (path === '') {
        root.value = structuredCloneJson(value)
        return
      }
      const { parent, key } = locate(root, path, op)
      if (read(parent, key) === undefined)
        fail(`replace operation does not apply: doc is missing key: ${path}: missing value`)
      if (Array.isArray(parent)) parent[Number(key)] = structuredCloneJson(value)
      else parent[key] = structuredCloneJson(value)
      return
    }
    case 'test': {
      const { parent, key } = path === '' ? { parent: root as any, key: 'value' } : locate(root, path, op)
      if (!deepEqual(read(parent, key) ?? null, value ?? null)) fail(`testing value ${path} failed: test failed`)
      return
    }
    case 'copy':
    case 'move': {
      const source = locate(root, from ?? '', op)
      const found = read(source.parent, source.key)
      if (found === undefined) fail(`${op} operation does not apply: doc is missing key: ${from}: missing value`)
      const copy = structuredCloneJson(found)
      if (op === 'move') remove(root, from ?? '', op)
      add(root, path, copy, op)
      return
    }
    default:
      fail(`Unexpected kind: ${op}`)
  }
}

const unescapeToken = (token: string) => token.replace(/~1/g, '/').replace(/~0/g, '~')

function locate(root: { value: any }, path: string, op: string): { parent: any; key: string } {
  const tokens = path.split('/').slice(1).map(unescapeToken)
  const key = tokens.pop() ?? ''
  let at = root.value
  for (const token of tokens) {
    at = read(at, token)
    if (typeof at !== 'object' || at === null)
      throw unprocessable(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`)
  }
  if (typeof at !== 'object' || at === null)
    throw unprocessable(`${op} operation does not apply: doc is missing path: ${JSON.stringify(path)}: missing value`)
  return { parent: at, key }
}

function read(parent: any, key: string): any {
  if (Array.isArray(parent)) return parent[Number(key) < 0 ? parent.length + Number(key) : Number(key)]
  return parent?.[key]
}

function add(root: { value: any }, path: string, value: unknown, op: string): void {
  if (path === '') {
    root.value = value
    return
  }
  const { parent, key } = locate(root, path, op)
  if (!Array.isArray(parent)) {
    parent[key] = value
    return
  }
  if (key === '-') {
    parent.push(value)
    return
  }
  const index = Number(key)
  if (!Number.isInteger(index) || index > parent.length)
    throw unprocessable(
      `add operation does not apply: doc is missing path: ${JSON.stringify(path)}: Unable to access invalid index: ${key}: invalid index referenced`,
    )
  parent.splice(index < 0 ? parent.length + index + 1 : index, 0, value)
}

function remove(root: { value: any }, path: string, op: string): void {
  const { parent, key } = locate(root, path, op)
  if (Array.isArray(parent)) {
    const index = Number(key)
    if (!Number.isInteger(index) || index >= parent.length)
      throw unprocessable(
        `remove operation does not apply: Unable to access invalid index: ${key}: invalid index referenced`,
      )
    parent.splice(index, 1)
    return
  }
  if (!(key in parent))
    throw unprocessable(`remove operation does not apply: Unable to remove nonexistent key: ${key}: missing value`)
  delete parent[key]
}

import type { Process } from '../../../linux/process.ts'

/** package.json, as far as npm reads it. */
export interface Manifest {
  name?: string
  version?: string
  main?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  [other: string]: unknown
}

/** Thrown for the lines behind `npm error`, and the status. */
export class NpmError extends Error {
  readonly status: number
  constructor(lines: string, status = 1) {
    super(lines)
    this.status = status
  }
}

const path = (process: Process, name: string) => `${process.cwd === '/' ? '' : process.cwd}/${name}`

export function readManifest(process: Process): Manifest | undefined {
  const file = path(process, 'package.json')
  if (!process.files.exists(file)) return undefined
  const text = process.files.readText(file)
  try {
    return JSON.parse(text) as Manifest
  } catch (error) {
    throw new NpmError(
      `code EJSONPARSE\npath ${file}\nJSON.parse ${(error as Error).message}\nJSON.parse Failed to parse JSON data.\nJSON.parse Note: package.json must be actual JSON, not just JavaScript.`,
    )
  }
}

export function needManifest(process: Process): Manifest {
  const found = readManifest(process)
  if (found) return found
  const file = path(process, 'package.json')
  throw new NpmError(
    `code ENOENT\nsyscall open\npath ${file}\nerrno -2\nenoent Could not read package.json: Error: ENOENT: no such file or directory, open '${file}'\nenoent This is related to npm not being able to find a file.\nenoent`,
    254,
  )
}

export function writeJson(process: Process, name: string, value: unknown): void {
  process.files.write(name.startsWith('/') ? name : path(process, name), `${JSON.stringify(value, null, 2)}\n`)
}

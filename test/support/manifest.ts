import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A manifest that several tests apply: a file of ./manifests. */
export const manifest = (name: string): string => readFileSync(join(import.meta.dirname, 'manifests', name), 'utf8')

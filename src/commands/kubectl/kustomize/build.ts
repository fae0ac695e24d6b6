import { CliError } from '../errors/errors.ts'
import type { Session } from '../session.ts'

export async function buildKustomization(_session: Session, path: string): Promise<string> {
  throw new CliError(`not simulated: kustomize ${path}`)
}

import type { Session } from './session.ts'

export async function deprecation(_session: Session): Promise<void> {}

export async function buildImage(session: Session): Promise<number> {
  await session.printError('not simulated: docker build\n')
  return 1
}

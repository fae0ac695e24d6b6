/** What is asked of a build, whichever builder does it. */
export interface BuildRequest {
  /** Its name in the context. */
  dockerfile: string
  tags: readonly string[]
  args: Readonly<Record<string, string | undefined>>
  labels: Readonly<Record<string, string>>
  target?: string
  noCache: boolean
  pull: boolean
}

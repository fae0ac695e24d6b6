import type { Exposition } from '../../programs/exposition/exposition.ts'

/** What every component of Kubernetes tells of itself under /metrics. */
export const addBuildInfo = (out: Exposition): Exposition =>
  out.gauge('kubernetes_build_info', 'A metric with a constant 1 value labeled by build.', 1, {
    git_version: 'v1.36.2',
    go_version: 'go1.25.2',
    major: '1',
    minor: '36',
    platform: 'linux/amd64',
  })

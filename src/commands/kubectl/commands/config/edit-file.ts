import { emptyConfig, type KubeConfig } from '../../kubeconfig/config.ts'
import { configPaths, loadConfig, readConfig, writeConfig } from '../../kubeconfig/files.ts'
import type { Session } from '../../session.ts'

/** The merged kubeconfig; an absent `--kubeconfig` file counts as empty. */
export function mergedConfig(session: Session): KubeConfig {
  const flag = session.flags.string('kubeconfig')
  if (flag && !session.process.files.exists(flag)) return emptyConfig()
  return loadConfig(session.process, flag).config
}

/** Changes the file that defines the entry (`users/bob`, `current-context`), or the first that exists; its path. */
export function editConfig(session: Session, key: string, change: (config: KubeConfig) => void): string {
  const flag = session.flags.string('kubeconfig')
  const { paths } = configPaths(session.process, flag)
  const { files } = session.process
  const existing = paths.filter((path) => files.exists(path))
  const origin = existing.length > 0 ? loadConfig(session.process, flag).origin.get(key) : undefined
  const path = origin ?? existing[0] ?? paths.at(-1)!
  const config = files.exists(path) ? readConfig(session.process, path) : emptyConfig()
  change(config)
  for (const section of ['clusters', 'contexts', 'users'] as const)
    config[section].sort((a, b) => (a.name < b.name ? -1 : 1))
  writeConfig(session.process, path, config)
  return path
}

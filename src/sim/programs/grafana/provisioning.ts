import { parse as parseYaml } from 'yaml'
import type { Files } from '../../linux/file.ts'

export interface Dashboard {
  uid: string
  title: string
  slug: string
  folder: string
  tags: readonly string[]
  model: Record<string, any>
}
export interface DataSource {
  name: string
  type: string
  url: string
  access: string
}
export interface Provisioned {
  dashboards: ReadonlyMap<string, Dashboard>
  datasources: readonly DataSource[]
  problems: readonly string[]
}

const ROOT = '/etc/grafana/provisioning'

/** What the files under /etc/grafana/provisioning say, and the dashboards they lead to. */
export function loadProvisioned(files: Files): Provisioned {
  const problems: string[] = []
  const yamlIn = (folder: string): Record<string, any>[] =>
    !files.exists(folder)
      ? []
      : files.list(folder).flatMap(({ name }) => {
          if (!/\.ya?ml$/.test(name)) return []
          try {
            return [parseYaml(files.readText(`${folder}/${name}`)) as Record<string, any>]
          } catch (error) {
            problems.push(`${folder}/${name}: ${(error as Error).message.split('\n')[0]}`)
            return []
          }
        })
  const datasources = yamlIn(`${ROOT}/datasources`).flatMap(({ datasources = [] }) => datasources as DataSource[])
  const dashboards = new Map<string, Dashboard>()
  for (const { providers = [] } of yamlIn(`${ROOT}/dashboards`))
    for (const provider of providers) {
      for (const path of jsonBelow(files, provider.options?.path ?? '')) {
        try {
          const model = JSON.parse(files.readText(path)) as Record<string, any>
          const slug = String(model.title)
            .toLowerCase()
            .replaceAll(/[^a-z0-9]+/g, '-')
            .replaceAll(/^-|-$/g, '')
          const uid: string = model.uid || slug
          dashboards.set(uid, {
            uid,
            title: model.title,
            slug,
            folder: provider.folder ?? '',
            tags: model.tags ?? [],
            model,
          })
        } catch (error) {
          problems.push(`${path}: ${(error as Error).message}`)
        }
      }
    }
  return { dashboards, datasources, problems }
}

function jsonBelow(files: Files, folder: string): string[] {
  if (!files.exists(folder)) return []
  return files.list(folder).flatMap(({ name }) => {
    // A mounted ConfigMap shows each file once under its own name and once in a dated folder.
    if (name.startsWith('..')) return []
    const path = `${folder}/${name}`
    return files.stat(path).type === 'directory' ? jsonBelow(files, path) : name.endsWith('.json') ? [path] : []
  })
}

import type { Process } from '../../../linux/process.ts'

/** Where pip puts packages. */
export function sitePackages(version: string): string {
  return `/usr/local/lib/python${/^\d+\.\d+/.exec(version)![0]}/site-packages`
}

const normal = (name: string): string => name.toLowerCase().replaceAll('_', '-')

/** Installed distributions by name: their `dist-info` folders say so. */
export function installed(process: Process, version: string): { name: string; version: string }[] {
  const folders = [
    sitePackages(version),
    `${process.env.get('HOME') ?? '/root'}/.local/lib/python${/^\d+\.\d+/.exec(version)![0]}/site-packages`,
  ]
  return folders
    .filter((folder) => process.files.exists(folder))
    .flatMap((folder) => process.files.list(folder))
    .flatMap(({ name }) => {
      const m = /^(.+)-([^-]+)\.dist-info$/.exec(name)
      return m ? [{ name: m[1]!, version: m[2]! }] : []
    })
    .sort((a, b) => (normal(a.name) < normal(b.name) ? -1 : 1))
}

export function isInstalled(
  { process, version }: { process: Process; version: string },
  distribution: string,
): boolean {
  return installed(process, version).some(({ name }) => normal(name) === distribution)
}

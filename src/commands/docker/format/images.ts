import { humanDuration, humanSize } from '../../../sim/containers/units.ts'
import { createdAt, shortId } from './containers.ts'
import type { ListFormat, Row } from './list.ts'

export interface ImageSummary {
  Id: string
  RepoTags: string[] | null
  RepoDigests: string[] | null
  Created: number
  Size: number
  SharedSize: number
  Containers: number
}

const HEADERS = {
  ID: 'IMAGE ID',
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  Digest: 'DIGEST',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  Size: 'SIZE',
  Containers: 'CONTAINERS',
  VirtualSize: 'SIZE',
  SharedSize: 'SHARED SIZE',
  UniqueSize: 'UNIQUE SIZE',
}

export const IMAGES: ListFormat = {
  type: 'formatter.imageContext',
  headers: HEADERS,
  table: '{{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\\t{{.Size}}',
  quiet: '{{.ID}}',
}

export const IMAGES_WITH_DIGESTS: ListFormat = {
  ...IMAGES,
  table:
    '{{.Repository}}\\t{{.Tag}}\\t{{.Digest}}\\t{{.ID}}\\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\\t{{.Size}}',
}

/** One row for each name of each image. */
export function imageRows(
  list: readonly ImageSummary[],
  options: { truncate: boolean; digests: boolean; now: number; wanted: string | undefined },
): Row[] {
  const rows: Row[] = []
  for (const image of list) {
    const row = (repository: string, tag: string, digest: string) =>
      rows.push({
        Containers: image.Containers < 0 ? 'N/A' : String(image.Containers),
        CreatedAt: createdAt(image.Created),
        CreatedSince: `${humanDuration(options.now - image.Created * 1000)} ago`,
        Digest: digest,
        ID: options.truncate ? shortId(image.Id) : image.Id,
        Repository: repository,
        SharedSize: 'N/A',
        Size: humanSize(image.Size, 3),
        Tag: tag,
        UniqueSize: 'N/A',
        VirtualSize: humanSize(image.Size),
      })
    const split = (name: string, separator: string): [string, string] => {
      const at = name.lastIndexOf(separator)
      return [name.slice(0, at), name.slice(at + 1)]
    }
    const tags = (image.RepoTags ?? []).filter((name) => name !== '<none>:<none>')
    const digests = (image.RepoDigests ?? []).filter((name) => name !== '<none>@<none>')
    if (tags.length === 0 && digests.length === 0) {
      row('<none>', '<none>', '<none>')
      continue
    }
    const covered = new Set<string>()
    for (const name of tags) {
      const [repository, tag] = split(name, ':')
      covered.add(repository)
      const digest = digests.find((one) => one.startsWith(`${repository}@`))
      row(repository, tag, digest && options.digests ? split(digest, '@')[1] : '<none>')
    }
    for (const name of digests) {
      const [repository, digest] = split(name, '@')
      if (!covered.has(repository) && (tags.length === 0 || options.digests)) row(repository, '<none>', digest)
    }
  }
  return options.wanted === undefined
    ? rows
    : rows.filter(({ Repository, Tag }) => matches(String(Repository), String(Tag), options.wanted!))
}

/** Of an image that matches by one of its names, only the names that match. */
function matches(repository: string, tag: string, wanted: string): boolean {
  const glob = new RegExp(
    `^${wanted
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\?/g, '[^/]')}$`,
  )
  return [repository, `${repository}:${tag}`].some(
    (name) => glob.test(name) || glob.test(`docker.io/library/${name}`) || glob.test(`docker.io/${name}`),
  )
}

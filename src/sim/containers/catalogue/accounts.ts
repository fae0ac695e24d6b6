import type { LayerDirectory } from '../../linux/fs/layer.ts'

/** Text of a file of a layer; empty when it has none. */
export function readLayerFile(tree: LayerDirectory, path: string): string {
  let at: LayerDirectory = tree
  const parts = path.split('/')
  for (const part of parts.slice(0, -1)) {
    const next = at.entries.get(part)
    if (next?.type !== 'directory') return ''
    at = next
  }
  const file = at.entries.get(parts.at(-1)!)
  return file?.type === 'file' ? new TextDecoder().decode(file.content.read(0, file.content.size)) : ''
}

/** /etc/passwd and /etc/group of a userland with one more account. */
export function withAccount(
  tree: LayerDirectory,
  account: { name: string; id: number; home: string; shell?: string; comment?: string },
): [string, string][] {
  const { name, id, home, shell = '/sbin/nologin', comment = '' } = account
  return [
    ['etc/passwd', `${readLayerFile(tree, 'etc/passwd')}${name}:x:${id}:${id}:${comment}:${home}:${shell}\n`],
    ['etc/group', `${readLayerFile(tree, 'etc/group')}${name}:x:${id}:\n`],
  ]
}

import type { Files } from '../../../linux/file.ts'
import type { VolumePlugin } from './plugin.ts'

const WANTED: Record<string, [type: string, words: string]> = {
  Directory: ['directory', 'is not a directory'],
  File: ['file', 'is not a file'],
  Socket: ['socket', 'is not a Unix domain socket'],
  CharDevice: ['character', 'is not a character device'],
  BlockDevice: ['block', 'is not a block device'],
}

export const hostPath: VolumePlugin = {
  source: 'hostPath',
  folder: 'kubernetes.io~host-path',
  setUp({ files, volume }) {
    const { path, type = '' } = volume.hostPath!
    return prepareHostPath(files, path, type)
  },
}

/** Checks or makes the path as its type says. Throws `hostPath type check failed: …`. */
export function prepareHostPath(files: Files, path: string, type: string): string {
  if (type === 'DirectoryOrCreate') {
    if (!files.exists(path)) {
      files.mkdir(path, { parents: true, mode: 0o755 })
    } else if (files.stat(path).type !== 'directory') {
      throw new Error(`hostPath type check failed: ${path} is not a directory`)
    }
  } else if (type === 'FileOrCreate') {
    if (!files.exists(path)) files.write(path, '', { mode: 0o644 })
    else if (files.stat(path).type !== 'file') throw new Error(`hostPath type check failed: ${path} is not a file`)
  } else if (type !== '') {
    const [wanted, words] = WANTED[type] ?? ['', 'is of an unknown type']
    if (!files.exists(path) || files.stat(path).type !== wanted)
      throw new Error(`hostPath type check failed: ${path} ${words}`)
  } else if (!files.exists(path)) {
    // Without a type nothing is checked; the runtime makes a missing folder.
    files.mkdir(path, { parents: true, mode: 0o755 })
  }
  return path
}

import type { VolumePlugin } from './plugin.ts'

export const emptyDir: VolumePlugin = {
  source: 'emptyDir',
  folder: 'kubernetes.io~empty-dir',
  ownable: true,
  setUp({ files, directory }) {
    files.mkdir(directory, { parents: true })
    files.chmod(directory, 0o777)
    return directory
  },
  tearDown({ files, directory }) {
    if (files.exists(directory)) files.removeTree(directory)
  },
}

import { quantityValue } from '../../api/quantity.ts'
import { unmountIfMounted } from './mounts.ts'
import type { VolumePlugin } from './plugin.ts'

export const emptyDir: VolumePlugin = {
  source: 'emptyDir',
  folder: 'kubernetes.io~empty-dir',
  ownable: true,
  setUp({ node, files, directory, volume }) {
    const { medium, sizeLimit } = volume.emptyDir ?? {}
    if (medium && medium !== 'Memory') {
      const huge = /^HugePages(-|$)/.test(medium)
      throw new Error(huge ? 'not simulated: huge pages' : `unknown storage medium ${JSON.stringify(medium)}`)
    }
    files.mkdir(directory, { parents: true })
    files.chmod(directory, 0o777)
    if (medium === 'Memory') {
      const size = sizeLimit === undefined ? [] : [`size=${quantityValue(sizeLimit as string)}`]
      node.host?.system.mount({ type: 'tmpfs', source: 'tmpfs', target: directory, options: ['mode=1777', ...size] })
      files.chmod(directory, 0o1777)
    }
    return directory
  },
  tearDown({ node, files, directory, volume }) {
    if (volume.emptyDir?.medium === 'Memory') unmountIfMounted(node, directory)
    if (files.exists(directory)) files.removeTree(directory)
  },
}

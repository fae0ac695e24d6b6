import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { debianBase } from './debian.ts'

const image = debianBase
  .run('ubuntu sources', 745, 'set -xe && echo ubuntu sources > /dev/null')
  .run('ubuntu lists', 0, 'rm -rf /var/lib/apt/lists/*')
  .run('ubuntu tools', 25_499_248, 'apt-get update && apt-get install -y --no-install-recommends ubuntu-minimal')
  .run('ubuntu run', 7, "mkdir -p /run/systemd && echo 'docker' > /run/systemd/container")
  .cmd('/bin/bash')

export const ubuntu: CatalogueImage = {
  repository: 'docker.io/library/ubuntu',
  tags: { latest: image, '22.04': image, jammy: image, '24.04': image, noble: image, '20.04': image, focal: image },
}

import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { debianBase } from './debian.ts'

/** Ubuntu on the simulated Debian userland: its five layers and its release file. */
function ubuntuOf(version: string, codename: string, days: number): Recipe {
  const word = codename[0]!.toLowerCase() + codename.slice(1).replace(/ .*/, '')
  const [year, month] = /^(\d+)\.(\d+)/.exec(version)!.slice(1)
  const release = `NAME="Ubuntu"\nVERSION="${version} LTS (${codename})"\nID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu ${version} LTS"\nVERSION_ID="${year}.${month}"\nHOME_URL="https://www.ubuntu.com/"\nVERSION_CODENAME=${word}\nUBUNTU_CODENAME=${word}\n`
  return debianBase
    .run(`ubuntu ${version} sources`, 745, 'set -xe && echo ubuntu sources > /dev/null', () => [
      ['etc/os-release', release],
      ['etc/lsb-release', `DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${year}.${month}\nDISTRIB_CODENAME=${word}\n`],
    ])
    .run('ubuntu lists', 0, 'rm -rf /var/lib/apt/lists/*')
    .run('ubuntu tools', 25_499_248, 'apt-get update && apt-get install -y --no-install-recommends ubuntu-minimal')
    .run('ubuntu run', 7, "mkdir -p /run/systemd && echo 'docker' > /run/systemd/container")
    .cmd('/bin/bash')
    .daysOld(days)
}

const noble = ubuntuOf('24.04.1', 'Noble Numbat', 30)
const jammy = ubuntuOf('22.04.5', 'Jammy Jellyfish', 40)
const focal = ubuntuOf('20.04.6', 'Focal Fossa', 200)
const bionic = ubuntuOf('18.04.6', 'Bionic Beaver', 900)

export const ubuntu: CatalogueImage = {
  repository: 'docker.io/library/ubuntu',
  tags: {
    latest: noble,
    '24.04': noble,
    noble,
    '22.04': jammy,
    jammy,
    '20.04': focal,
    focal,
    '18.04': bionic,
    bionic,
  },
}

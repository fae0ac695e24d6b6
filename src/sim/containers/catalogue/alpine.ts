import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { Recipe } from '../images/recipe.ts'
import { withFiles } from './with-files.ts'

export const alpineBase = Recipe.scratch()
  .imported('alpine 3.18.4', 1_085_461, 'alpine')
  .configure({ Cmd: ['/bin/sh'] })
  .daysOld(16)

/** An older release: the same programs, another name. */
function release(version: string, size: number, days: number): Recipe {
  const [branch] = /^\d+\.\d+/.exec(version)!
  const mirror = `https://dl-cdn.alpinelinux.org/alpine/v${branch}`
  return Recipe.scratch()
    .layer(`alpine ${version}`, size, `/bin/sh -c #(nop) ADD file:alpine-minirootfs-${version} in / `, (i) =>
      withFiles(i.userland('alpine'), {
        'etc/os-release': `NAME="Alpine Linux"\nID=alpine\nVERSION_ID=${version}\nPRETTY_NAME="Alpine Linux v${branch}"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://bugs.alpinelinux.org/"\n`,
        'etc/alpine-release': `${version}\n`,
        'etc/issue': `Welcome to Alpine Linux ${branch}\nKernel \\r on an \\m (\\l)\n\n`,
        'etc/apk/repositories': `${mirror}/main\n${mirror}/community\n`,
      }),
    )
    .cmd('/bin/sh')
    .daysOld(days)
}

const alpine315 = release('3.15.11', 5_590_000, 1_000)
const alpine317 = release('3.17.10', 7_050_000, 600)

export const alpine: CatalogueImage = {
  repository: 'docker.io/library/alpine',
  tags: {
    latest: alpineBase,
    '3': alpineBase,
    '3.18': alpineBase,
    '3.18.4': alpineBase,
    '3.17': alpine317,
    '3.15': alpine315,
  },
}

import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { withAccount } from './accounts.ts'
import { debianBase } from './debian.ts'

function server(version: string): Recipe {
  return debianBase
    .run('mysql user', 4_300, 'groupadd -r mysql && useradd -r -g mysql mysql', ({ userland }) =>
      withAccount(userland('debian'), { name: 'mysql', id: 999, home: '/var/lib/mysql', shell: '/bin/sh' }),
    )
    .env('MYSQL_VERSION', version)
    .run(`mysql ${version}`, 430_000_000, 'apt-get update && apt-get install -y mysql-server', ({ executable }) => [
      ['usr/sbin/mysqld', executable('mysqld', { size: 60_000_000 })],
      ['usr/bin/mysql', executable('mysql', { size: 6_000_000 })],
      ['usr/bin/mysqladmin', executable('mysqladmin', { size: 5_000_000 })],
      ['usr/bin/mysqldump', executable('mysqldump', { size: 5_000_000 })],
      ['usr/local/bin/docker-entrypoint.sh', executable('mysql-entrypoint', { size: 14_000 })],
      ['docker-entrypoint-initdb.d', { directory: true }],
      ['var/lib/mysql', { directory: true, uid: 999, gid: 999 }],
      ['var/run/mysqld', { directory: true, uid: 999, gid: 999, mode: 0o777 }],
    ])
    .volume('/var/lib/mysql')
    .entrypoint('docker-entrypoint.sh')
    .expose('3306', '33060')
    .cmd('mysqld')
}

const eight = server('8.0.36')
const fiveSeven = server('5.7.44')

export const mysql: CatalogueImage = {
  repository: 'docker.io/library/mysql',
  tags: { latest: eight, '8': eight, '8.0': eight, '5': fiveSeven, '5.7': fiveSeven },
}

import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { withAccount } from './accounts.ts'
import { debianBase } from './debian.ts'

function server(version: string, full: string): Recipe {
  return debianBase
    .run(
      'mysql user',
      4_300,
      'groupadd -r mysql && useradd -r -g mysql mysql --home-dir /var/lib/mysql',
      ({ userland }) =>
        withAccount(userland('debian'), { name: 'mysql', id: 999, home: '/var/lib/mysql', shell: '/bin/sh' }),
    )
    .env('MARIADB_VERSION', full)
    .env('MARIADB_INITDB_SKIP_TZINFO', '1')
    .run(`mariadb ${version}`, 270_000_000, 'apt-get update && apt-get install -y mariadb-server', ({ executable }) => [
      ['usr/sbin/mariadbd', executable('mariadbd', { size: 25_480_000 })],
      ['usr/sbin/mysqld', { target: 'mariadbd' }],
      ['usr/bin/mariadb', executable('mysql', { size: 4_800_000 })],
      ['usr/bin/mysql', { target: 'mariadb' }],
      ['usr/bin/mariadb-admin', executable('mysqladmin', { size: 4_500_000 })],
      ['usr/bin/mysqladmin', { target: 'mariadb-admin' }],
      ['usr/bin/mariadb-dump', executable('mysqldump', { size: 4_500_000 })],
      ['usr/bin/mysqldump', { target: 'mariadb-dump' }],
      ['usr/local/bin/docker-entrypoint.sh', executable('mariadb-entrypoint', { size: 26_000 })],
      ['etc/mysql/my.cnf', '[client-server]\nsocket = /run/mysqld/mysqld.sock\n\n!includedir /etc/mysql/conf.d/\n'],
      ['etc/mysql/conf.d', { directory: true }],
      ['docker-entrypoint-initdb.d', { directory: true }],
      ['var/lib/mysql', { directory: true, uid: 999, gid: 999 }],
      ['run/mysqld', { directory: true, uid: 999, gid: 999, mode: 0o777 }],
    ])
    .volume('/var/lib/mysql')
    .entrypoint('docker-entrypoint.sh')
    .expose('3306')
    .cmd('mariadbd')
}

const ten = server('10.11', '1:10.11.11+maria~deb12')
const eleven = server('11.4', '1:11.4.5+maria~ubu2404')

export const mariadb: CatalogueImage = {
  repository: 'docker.io/library/mariadb',
  tags: { '10': ten, '10.11': ten, '10.6': ten, latest: eleven, '11': eleven, lts: eleven },
}

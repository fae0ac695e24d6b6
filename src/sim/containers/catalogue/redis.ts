import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Ingredients, Recipe } from '../images/recipe.ts'
import { withAccount } from './accounts.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

const ENTRYPOINT = `#!/bin/sh
set -e

# first arg is \`-f\` or \`--some-option\`, or a configuration file
if [ "\${1#-}" != "$1" ] || [ "\${1%.conf}" != "$1" ]; then
	set -- redis-server "$@"
fi

# a server started as root gives its rights away
if [ "$1" = 'redis-server' -a "$(id -u)" = '0' ]; then
	find . \\! -user redis -exec chown redis '{}' +
	exec SETPRIV "$0" "$@"
fi

# files made from here on are the owner's alone
um="$(umask)"
if [ "$um" = '0022' ]; then umask 0077; fi
exec "$@"
`

const SETPRIV = { alpine: 'su-exec redis', debian: 'setpriv --reuid=redis --regid=redis --init-groups' }

function redisOn(base: Recipe, flavour: 'alpine' | 'debian', version: string, uid: number): Recipe {
  const programs = ({ executable }: Ingredients) => {
    const bin = 'usr/local/bin'
    return [
      [`${bin}/redis-server`, executable('redis-server', { size: 11_462_304 })],
      [`${bin}/redis-cli`, executable('redis-cli', { size: 6_401_304 })],
      [`${bin}/redis-benchmark`, executable('redis-benchmark', { size: 6_125_688 })],
      [`${bin}/redis-sentinel`, { target: 'redis-server' }],
      [`${bin}/redis-check-aof`, { target: 'redis-server' }],
      [`${bin}/redis-check-rdb`, { target: 'redis-server' }],
      flavour === 'alpine'
        ? (['sbin/su-exec', executable('su-exec', { size: 14_144 })] as const)
        : (['usr/bin/setpriv', executable('setpriv', { size: 47_696 })] as const),
    ] as const
  }
  return base
    .run(
      `redis user ${flavour}`,
      4_300,
      'groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis',
      ({ userland }) =>
        withAccount(userland(flavour), { name: 'redis', id: uid, home: '/home/redis', shell: '/bin/sh' }),
    )
    .env('REDIS_VERSION', version)
    .run(
      `redis ${version} ${flavour}`,
      flavour === 'alpine' ? 18_400_210 : 43_900_112,
      'make -C /usr/src/redis install',
      programs,
    )
    .run(`redis data ${flavour} ${uid}`, 0, 'mkdir /data && chown redis:redis /data', () => [
      ['data', { directory: true, uid, gid: uid }],
      ['usr/local/bin/docker-entrypoint.sh', { content: ENTRYPOINT.replace('SETPRIV', SETPRIV[flavour]), mode: 0o755 }],
    ])
    .volume('/data')
    .workdir('/data')
    .entrypoint('docker-entrypoint.sh')
    .expose('6379')
    .cmd('redis-server')
}

const latest = redisOn(debianBase, 'debian', '7.0.15', 999)
const alpine = redisOn(alpineBase, 'alpine', '7.0.15', 999)
const six = redisOn(debianBase, 'debian', '6.2.14', 999)
const sixAlpine = redisOn(alpineBase, 'alpine', '6.2.14', 999)
const five = redisOn(alpineBase, 'alpine', '5.0.14', 999)

export const redis: CatalogueImage = {
  repository: 'docker.io/library/redis',
  tags: {
    latest,
    '7': latest,
    '7.0': latest,
    '7.0.15': latest,
    alpine,
    '7-alpine': alpine,
    '6': six,
    '6.2': six,
    '6-alpine': sixAlpine,
    '5-alpine': five,
    '5.0-alpine': five,
  },
}

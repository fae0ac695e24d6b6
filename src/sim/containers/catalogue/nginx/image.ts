import type { CatalogueImage } from '../../images/catalogue-registry.ts'
import type { Files, Ingredients, Recipe } from '../../images/recipe.ts'
import { withAccount } from '../accounts.ts'
import { alpineBase } from '../alpine.ts'
import { debianBase } from '../debian.ts'
import { DEFAULT_CONF, gatewayParameters, MIME_TYPES, NGINX_CONF } from './configuration.ts'
import { ENTRYPOINT, ENVSUBST, LISTEN_ON_IPV6, TUNE_WORKERS } from './entrypoint.ts'
import { ERROR_PAGE, INDEX_PAGE } from './pages.ts'

function files({ executable }: Ingredients, version: string): Files {
  const script = (content: string) => ({ content, mode: 0o755 })
  return [
    ['docker-entrypoint.sh', script(ENTRYPOINT)],
    ['docker-entrypoint.d/10-listen-on-ipv6-by-default.sh', script(LISTEN_ON_IPV6)],
    ['docker-entrypoint.d/20-envsubst-on-templates.sh', script(ENVSUBST)],
    ['docker-entrypoint.d/30-tune-worker-processes.sh', script(TUNE_WORKERS)],
    ...core(executable('nginx', { size: 1_346_248 }), version),
    ['usr/bin/curl', executable('curl', { size: 246_408 })],
    ['usr/bin/envsubst', executable('envsubst', { size: 26_528 })],
  ]
}

function core(nginx: ReturnType<Ingredients['executable']>, version: string): Files {
  return [
    ['etc/nginx/nginx.conf', NGINX_CONF],
    ['etc/nginx/conf.d/default.conf', DEFAULT_CONF],
    ['etc/nginx/mime.types', MIME_TYPES],
    ['etc/nginx/fastcgi_params', gatewayParameters('fastcgi')],
    ['etc/nginx/scgi_params', gatewayParameters('scgi')],
    ['etc/nginx/uwsgi_params', gatewayParameters('uwsgi')],
    ['usr/sbin/nginx', nginx],
    ['usr/share/nginx/default.conf', DEFAULT_CONF],
    ['usr/share/nginx/version', `${version}\n`],
    ['usr/share/nginx/html/index.html', INDEX_PAGE],
    ['usr/share/nginx/html/50x.html', ERROR_PAGE],
    ['var/cache/nginx', { directory: true, uid: 101, gid: 101 }],
    ['var/log/nginx', { directory: true }],
    ['var/run', { target: '../run' }],
    ['var/lib', { directory: true }],
    ['var/lib/nginx', { directory: true }],
  ]
}

const LOGS: Files = [
  ['var/log/nginx/access.log', { target: '/dev/stdout' }],
  ['var/log/nginx/error.log', { target: '/dev/stderr' }],
]

const ADD_USER = {
  alpine:
    'addgroup -g 101 -S nginx && adduser -S -D -H -u 101 -h /var/cache/nginx -s /sbin/nologin -G nginx -g nginx nginx',
  debian:
    'groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home /nonexistent --uid 101 nginx',
}

/** What history names the copied tree. */
const COPIED = 'dir:6d71facee1e0d3be1a4dcc8afc85d7fd6468494074cba0f3fddb7d44b260b58f'

function modern(base: Recipe, flavour: 'alpine' | 'debian', version: string): Recipe {
  const size = flavour === 'alpine' ? 21_274_386 : 93_412_007
  return base
    .label('maintainer', 'NGINX Docker Maintainers <docker-maint@nginx.com>')
    .env('NGINX_VERSION', version)
    .env('PKG_RELEASE', '1')
    .run(`nginx user ${flavour}`, 3_822, ADD_USER[flavour], ({ userland }) =>
      withAccount(userland(flavour), { name: 'nginx', id: 101, home: '/var/cache/nginx', comment: 'nginx' }),
    )
    .copy(`nginx ${version} ${flavour}`, size, '/', (ingredients) => files(ingredients, version), COPIED)
    .run(
      'nginx logs',
      22,
      'ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log',
      () => LOGS,
    )
    .entrypoint('/docker-entrypoint.sh')
    .expose('80')
    .stopSignal('SIGQUIT')
    .cmd('nginx', '-g', 'daemon off;')
}

/** The images of 2015 that rolling-update exercises use: no entrypoint script. */
function old(version: string): Recipe {
  return debianBase
    .run('nginx user old', 3_822, ADD_USER.debian, ({ userland }) =>
      withAccount(userland('debian'), { name: 'nginx', id: 101, home: '/nonexistent', comment: 'nginx user' }),
    )
    .env('NGINX_VERSION', `${version}-1~jessie`)
    .run(`nginx ${version}`, 84_400_120, `apt-get update && apt-get install -y nginx=${version}`, ({ executable }) =>
      core(executable('nginx', { size: 961_232 }), version),
    )
    .run(
      'nginx logs',
      22,
      'ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log',
      () => LOGS,
    )
    .expose('80', '443')
    .cmd('nginx', '-g', 'daemon off;')
    .daysOld(3_800)
}

const latest = modern(debianBase, 'debian', '1.25.3')
const alpine = modern(alpineBase, 'alpine', '1.22.1').daysOld(15)
const alpine121 = modern(alpineBase, 'alpine', '1.21.6').daysOld(700)
const debian121 = modern(debianBase, 'debian', '1.21.6').daysOld(700)
const debian122 = modern(debianBase, 'debian', '1.22.1').daysOld(400)
const alpine125 = modern(alpineBase, 'alpine', '1.25.3')

export const nginx: CatalogueImage = {
  repository: 'docker.io/library/nginx',
  tags: {
    latest,
    '1': latest,
    '1.25': latest,
    '1.25.3': latest,
    mainline: latest,
    stable: debian122,
    '1.22': debian122,
    '1.22.1': debian122,
    '1.21': debian121,
    '1.21.6': debian121,
    alpine,
    'stable-alpine': alpine,
    '1.22-alpine': alpine,
    '1.22.1-alpine': alpine,
    '1.21-alpine': alpine121,
    '1.21.6-alpine': alpine121,
    '1.25-alpine': alpine125,
    '1.25.3-alpine': alpine125,
    '1.9.1': old('1.9.1'),
    '1.8': old('1.8.1'),
    '1.7.9': old('1.7.9'),
    '1.7.1': old('1.7.1'),
  },
}

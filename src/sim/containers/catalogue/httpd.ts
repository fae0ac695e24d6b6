import type { CatalogueImage } from '../images/catalogue-registry.ts'
import type { Recipe } from '../images/recipe.ts'
import { alpineBase } from './alpine.ts'
import { debianBase } from './debian.ts'

function server(base: Recipe, flavour: string, size: number): Recipe {
  return base
    .env('HTTPD_PREFIX', '/usr/local/apache2')
    .env('HTTPD_VERSION', '2.4.58')
    .configure({
      Env: [
        'PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HTTPD_PREFIX=/usr/local/apache2',
        'HTTPD_VERSION=2.4.58',
      ],
    })
    .workdir('/usr/local/apache2')
    .run(`httpd 2.4.58 ${flavour}`, size, 'make install', ({ executable }) => [
      ['usr/local/apache2/bin/httpd', executable('httpd', { size: 3_600_000 })],
      ['usr/local/apache2/bin/ab', executable('ab', { size: 220_000 })],
      [
        'usr/local/bin/httpd-foreground',
        {
          content: '#!/bin/sh\nset -e\n\nrm -f /usr/local/apache2/logs/httpd.pid\n\nexec httpd -DFOREGROUND "$@"\n',
          mode: 0o755,
        },
      ],
      ['usr/local/apache2/htdocs/index.html', '<html><body><h1>It works!</h1></body></html>\n'],
      [
        'usr/local/apache2/conf/httpd.conf',
        'ServerRoot "/usr/local/apache2"\nListen 80\nDocumentRoot "/usr/local/apache2/htdocs"\nErrorLog /proc/self/fd/2\nCustomLog /proc/self/fd/1 common\n',
      ],
      ['usr/local/apache2/logs', { directory: true }],
    ])
    .stopSignal('SIGWINCH')
    .expose('80')
    .cmd('httpd-foreground')
}

const latest = server(debianBase, 'debian', 96_000_000)
const alpine = server(alpineBase, 'alpine', 52_000_000)

export const httpd: CatalogueImage = {
  repository: 'docker.io/library/httpd',
  tags: { latest, '2': latest, '2.4': latest, alpine, '2.4-alpine': alpine },
}

import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { debianBase } from './debian.ts'

const image = debianBase
  .run(
    'php apache',
    420_000_000,
    'apt-get update && apt-get install -y apache2 && make install php',
    ({ executable }) => [
      ['usr/sbin/apache2', executable('apache2', { size: 740_000 })],
      ['usr/local/bin/php', executable('php', { size: 14_000_000 })],
      ['usr/local/bin/apache2-foreground', executable('apache2-foreground', { size: 1_500 })],
    ],
  )
  .env('APACHE_CONFDIR', '/etc/apache2')
  .env('PHP_VERSION', '7.4.29')
  .run(
    'wordpress 5.9',
    61_000_000,
    'curl -o wordpress.tar.gz -fL https://wordpress.org/wordpress-5.9.tar.gz',
    ({ executable }) => [
      ['usr/local/bin/docker-entrypoint.sh', executable('wordpress-entrypoint', { size: 4_400 })],
      ['var/www/html', { directory: true, uid: 33, gid: 33, mode: 0o777 }],
      [
        'usr/src/wordpress/index.php',
        {
          content: "<?php\ndefine( 'WP_USE_THEMES', true );\nrequire __DIR__ . '/wp-blog-header.php';\n",
          uid: 33,
          gid: 33,
        },
      ],
    ],
  )
  .volume('/var/www/html')
  .workdir('/var/www/html')
  .expose('80')
  .stopSignal('SIGWINCH')
  .entrypoint('docker-entrypoint.sh')
  .cmd('apache2-foreground')

export const wordpress: CatalogueImage = {
  repository: 'docker.io/library/wordpress',
  tags: { latest: image, '5': image, '5.9': image, '6': image, php8: image },
}

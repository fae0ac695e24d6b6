import { type CatalogueImage, CatalogueRegistry } from '../images/catalogue-registry.ts'
import type { Ingredients } from '../images/recipe.ts'
import type { Registry } from '../images/registry.ts'
import { addons } from './addons.ts'
import { agnhost } from './agnhost.ts'
import { alpine } from './alpine.ts'
import { busybox } from './busybox.ts'
import { curl } from './curl.ts'
import { debian } from './debian.ts'
import { demo } from './demo.ts'
import { helloWorld } from './hello-world.ts'
import { httpEcho } from './http-echo.ts'
import { httpd } from './httpd.ts'
import { kubernetes } from './kubernetes.ts'
import { mariadb } from './mariadb.ts'
import { monitoring } from './monitoring.ts'
import { mysql } from './mysql.ts'
import { nginx } from './nginx/image.ts'
import { nodejs } from './node.ts'
import { pause } from './pause.ts'
import { python3 } from './python.ts'
import { redis } from './redis.ts'
import { registry } from './registry.ts'
import { stress } from './stress.ts'
import { ubuntu } from './ubuntu.ts'
import { wordpress } from './wordpress.ts'

const IMAGES: readonly CatalogueImage[] = [
  alpine,
  busybox,
  debian,
  ubuntu,
  nginx,
  redis,
  mariadb,
  mysql,
  wordpress,
  httpd,
  python3,
  nodejs,
  registry,
  helloWorld,
  httpEcho,
  stress,
  ...curl,
  ...pause,
  ...agnhost,
  ...kubernetes,
  ...addons,
  ...demo,
  ...monitoring,
]

/** The public registries by host name. Make them once a world: all its machines share the layers. */
export function publicRegistries(ingredients: Ingredients, images = IMAGES): ReadonlyMap<string, Registry> {
  const domains = new Set(images.map((image) => image.repository.slice(0, image.repository.indexOf('/'))))
  return new Map([...domains].map((domain) => [domain, new CatalogueRegistry(domain, images, ingredients)]))
}

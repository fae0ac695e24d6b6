import packages from './data/packages.json'
import axios from './modules/axios.js?raw'
import bodyParser from './modules/body-parser.js?raw'
import cors from './modules/cors.js?raw'
import dotenv from './modules/dotenv.js?raw'
import express from './modules/express.js?raw'
import morgan from './modules/morgan.js?raw'
import nodemon from './modules/nodemon.js?raw'
import promClient from './modules/prom-client.js?raw'
import redis from './modules/redis.js?raw'
import uuid from './modules/uuid.js?raw'

/** What is simulated of the packages of the registry. One line each. */
const MODULES: Readonly<Record<string, string>> = {
  axios,
  'body-parser': bodyParser,
  cors,
  dotenv,
  express,
  morgan,
  nodemon,
  'prom-client': promClient,
  redis,
  uuid,
}

/** Commands that packages bring. */
export const COMMANDS: Readonly<Record<string, string>> = { nodemon: 'nodemon' }

/** Packages that many programs ask for and that are not simulated: they exist, so nobody is told that they don't. */
export const EXISTING: ReadonlySet<string> = new Set(
  'react react-dom next vue lodash moment chalk typescript ts-node webpack vite jest mocha eslint prettier mongoose mongodb mysql mysql2 pg sequelize prisma ioredis socket.io ws helmet jsonwebtoken bcrypt bcryptjs multer passport pm2 yarn pnpm koa fastify hapi @nestjs/core @nestjs/cli cookie-parser express-session http-server serve kafkajs amqplib winston pino bull bullmq knex ejs pug debug ms commander yargs inquirer dayjs date-fns rxjs axios-retry node-fetch supertest cross-env concurrently rimraf semver glob create-react-app @kubernetes/client-node'.split(
    ' ',
  ),
)

/** A release in the simulated registry. `tree` holds what it needs, hoisted: `name@version`, `owner>name@version`. */
export interface Release {
  name: string
  version: string
  /** Packages, it among them, that ask for money. */
  funding: number
  tree: readonly string[]
}

type Entry = Omit<Release, 'name'>

/** The releases of a package, the latest first; undefined when the registry does not have it. */
export function releasesOf(name: string): Release[] | undefined {
  const found = (packages as Record<string, Entry[]>)[name]
  return found?.map((entry) => ({ name, ...entry }))
}

/** The release that a range such as `^4.18.2` or `latest` asks for; a version that is told exactly is had. */
export function pick(name: string, range: string): Release | undefined {
  const releases = releasesOf(name) ?? []
  if (/^(?:|latest|\*|x|next|>=.*)$/.test(range)) return releases[0]
  const [, sign, major, rest] = /^([~^=v]*)\s*(\d+)(\..*)?$/.exec(range) ?? []
  const found = releases.find(({ version }) => version.split('.')[0] === major) ?? older(releases, major)
  if (!found) return undefined
  const exact = sign !== '^' && sign !== '~' && rest !== undefined && /^\.\d+\.\d+/.test(rest)
  return exact ? { ...found, version: `${major}${rest}` } : found
}

/** Lines before the oldest that is kept here behave as it does. */
function older(releases: readonly Release[], major: string | undefined): Release | undefined {
  const oldest = releases.at(-1)
  if (!oldest || !major || Number(major) < 1 || Number(major) > Number(oldest.version.split('.')[0])) return undefined
  return { ...oldest, version: `${major}.0.0` }
}

/** The main file of a package; packages that are only needed by others have nothing in them. */
export function mainFile(name: string): string {
  return MODULES[name] ?? `throw new Error('not simulated: npm package ${name}')\n`
}

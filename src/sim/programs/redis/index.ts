export { redisCli } from './cli.ts'
export { redisServer } from './server.ts'

import { beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type SimulatedWorld } from '../../../sim/world/create-world.ts'
import { commands } from '../../index.ts'

const FILE = `services:
  web:
    build: .
    ports: ["8080:80"]
    environment: {GREETING: "\${GREETING:-hello}"}
    depends_on:
      db: {condition: service_healthy}
      init: {condition: service_completed_successfully}
  db:
    image: redis
    volumes: [data:/data]
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s}
  init:
    image: alpine
    command: sh -c "echo preparing; sleep 1"
volumes:
  data:
`

describe('docker compose', () => {
  let world: SimulatedWorld
  const run = async (script: string) => {
    const { stdout, stderr, status } = await world.script(`cd /demo; ${script}`)
    return { stdout, stderr, status }
  }
  beforeAll(async () => {
    const drain = () => new Promise<void>((done) => setImmediate(done))
    const images = ['alpine:latest', 'nginx:alpine', 'redis:latest']
    world = await createWorld({ seed: 7, topology: 'docker', commands, drain, account: 'root', images })
    await world.script(`mkdir /demo; cat > /demo/compose.yaml <<'END'\n${FILE}END
printf 'FROM nginx:alpine\\nRUN echo compose > /usr/share/nginx/html/index.html\\n' > /demo/Dockerfile`)
  })

  it('starts services in the order of their needs, and tells of it', async () => {
    const { stderr, stdout, status } = await run('docker compose up -d; sleep 1; curl -s localhost:8080')
    expect({ stdout, status }).toEqual({ stdout: 'compose\n', status: 0 })
    expect(stderr).toContain('#5 [web 2/2] RUN echo compose > /usr/share/nginx/html/index.html\n')
    expect(stderr.slice(stderr.indexOf(' web  Built'))).toBe(` web  Built
 Network demo_default  Creating
 Network demo_default  Created
 Volume "demo_data"  Creating
 Volume "demo_data"  Created
 Container demo-db-1  Creating
 Container demo-db-1  Created
 Container demo-init-1  Creating
 Container demo-init-1  Created
 Container demo-web-1  Creating
 Container demo-web-1  Created
 Container demo-db-1  Starting
 Container demo-db-1  Started
 Container demo-init-1  Starting
 Container demo-init-1  Started
 Container demo-db-1  Waiting
 Container demo-db-1  Healthy
 Container demo-init-1  Waiting
 Container demo-init-1  Exited
 Container demo-web-1  Starting
 Container demo-web-1  Started
`)
  })

  it('lists, logs, executes and runs', async () => {
    const { stdout } = await run(`docker compose ps --services; docker compose logs init
      docker compose exec -T web printenv GREETING; docker compose run --rm init echo once 2>/dev/null
      docker compose port web 80; docker compose ps -a | cut -c1-11; docker compose config --images`)
    expect(stdout).toBe(
      'db\nweb\ninit-1  | preparing\nhello\nonce\n0.0.0.0:8080\nNAME\ndemo-db-1\ndemo-init-1\ndemo-web-1\nredis\nalpine\ndemo-web\n'
        .replace('NAME\n', 'NAME       \n')
        .replace('demo-db-1\n', 'demo-db-1  \n')
        .replace('demo-web-1\nredis', 'demo-web-1 \nredis'),
    )
  })

  it('makes a container anew when its settings changed, and leaves the others', async () => {
    const same = await run('docker compose up -d db')
    expect(same.stderr).toBe(' Container demo-db-1  Running\n')
    const changed = await run(
      'GREETING=ciao docker compose up -d --no-deps web; docker exec demo-web-1 printenv GREETING',
    )
    expect(changed.stderr).toBe(
      ' Container demo-web-1  Recreate\n Container demo-web-1  Recreated\n Container demo-web-1  Starting\n Container demo-web-1  Started\n',
    )
    expect(changed.stdout).toBe('ciao\n')
  })

  it('takes everything down, volumes too when asked', async () => {
    const { stderr, stdout } = await run(
      'docker compose down -v; docker ps -aq; docker volume ls -q; docker network ls -q | wc -l',
    )
    expect(stdout).toBe('3\n')
    expect(stderr).toMatch(/^ Container demo-web-1 {2}Stopping\n/)
    expect(stderr).toMatch(
      / Volume demo_data {2}Removed\n Network demo_default {2}Removing\n Network demo_default {2}Removed\n$/,
    )
  })

  it('says in its words what is wrong with a file', async () => {
    const bad = async (text: string) => (await run(`printf '${text}' > bad.yaml; docker compose -f bad.yaml up`)).stderr
    expect(await bad('services: {a: {imag: x}}')).toBe(
      "validating /demo/bad.yaml: services.a additional properties 'imag' not allowed\n",
    )
    expect(await bad('services: {a: {command: x}}')).toBe(
      'service "a" has neither an image nor a build context specified: invalid compose project\n',
    )
    expect(await bad('services: {a: {image: x, deploy: {replicas: 2}}}')).toBe(
      'not simulated: services.a.deploy in a Compose file\n',
    )
    expect(await bad('services: {a: {image: x, depends_on: [b]}}')).toBe(
      'service "a" depends on undefined service "b": invalid compose project\n',
    )
    const { stderr, status } = await run('cd /; docker compose ps')
    expect({ stderr, status }).toEqual({ stderr: 'no configuration file provided: not found\n', status: 14 })
  })
})

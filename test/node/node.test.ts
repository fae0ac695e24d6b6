import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import { answersFile, KNOWN_DIFFERENCES, ourAnswers, snippets } from './snippets.ts'

it('prints what Node prints', async () => {
  const real = JSON.parse(readFileSync(answersFile, 'utf8')) as string[]
  const ours = await ourAnswers()
  const different = snippets.filter((text, i) => real[i] !== ours[i] && !KNOWN_DIFFERENCES.test(text))
  expect(different).toEqual([])
})

it('builds an image of an Express application, which answers until it is stopped', async () => {
  const drain = () => new Promise<void>((done) => setImmediate(done))
  const world = await createWorld({ seed: 7, topology: 'docker', commands, drain })
  const { stdout } = await world.script(`
mkdir app; cd app
cat > server.js <<'EOT'
const express = require('express')
const app = express()
app.get('/users/:id', (request, response) => response.json({ id: request.params.id }))
process.on('SIGTERM', () => { console.log('bye'); process.exit(0) })
app.listen(3000, () => console.log('ready'))
EOT
echo '{"name":"app","version":"1.0.0","dependencies":{"express":"^5.0.0"}}' > package.json
cat > Dockerfile <<'EOT'
FROM node:20-alpine
WORKDIR /app
COPY package*.json ./
RUN npm install
COPY . .
EXPOSE 3000
CMD ["node", "server.js"]
EOT
docker build -q -t app . > /dev/null 2>&1
docker run -d --name app -p 3000:3000 app > /dev/null
sleep 1
curl -s localhost:3000/users/7; echo
docker exec app sh -c 'ls node_modules | wc -l'
docker stop app > /dev/null
docker logs app
docker inspect -f '{{.State.ExitCode}}' app`)
  expect(stdout).toBe('{"id":"7"}\n67\nready\nbye\n0\n')
})

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '../../src/commands/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import { runPython } from './run-python.ts'

const here = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const drain = () => new Promise<void>((done) => setImmediate(done))

test('the language and its library answer as CPython 3.11 did', async () => {
  const ran = await runPython(here('snippets.txt'))
  expect(ran.stderr).toBe('err\n')
  expect(ran.stdout.split('\n')).toEqual(here('answers.txt').split('\n'))
})

test.skipIf(!process.env.KUBEBOOK_PYTHON)('the recorded answers are those of the python given', () => {
  const folder = mkdtempSync(join(tmpdir(), 'python-'))
  writeFileSync(join(folder, 't.py'), here('snippets.txt'))
  const { stdout } = spawnSync(process.env.KUBEBOOK_PYTHON!, ['t.py'], { cwd: folder, encoding: 'utf8' })
  expect(stdout).toBe(here('answers.txt'))
})

test('a traceback names the place, the line and the part that failed; what is not simulated says so', async () => {
  const ran = await runPython(
    'def f(d):\n    return d["a"]["b"]\n\ntry:\n    f({})\nexcept KeyError as e:\n    raise ValueError("bad") from e\n',
  )
  expect(ran.status).toBe(1)
  expect(ran.stderr).toBe(`Traceback (most recent call last):
  File "/tmp/t.py", line 5, in <module>
    f({})
  File "/tmp/t.py", line 2, in f
    return d["a"]["b"]
           ~^^^^^
KeyError: 'a'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/tmp/t.py", line 7, in <module>
    raise ValueError("bad") from e
ValueError: bad
`)
  expect((await runPython('print(1)\nimport asyncio\n')).stderr).toBe('python3: not simulated: the module asyncio\n')
  expect((await runPython('if True\n    pass\n')).stderr).toContain(
    "    if True\n           ^\nSyntaxError: expected ':'\n",
  )
})

test('loops take time that is simulated, not waited for', async () => {
  const ran = await runPython('s = 0\nfor i in range(300000):\n    s += i\nprint(s)\n')
  expect(ran.stdout).toBe('44999850000\n')
  expect(ran.cpu).toBeGreaterThan(20)
  expect(ran.cpu).toBeLessThan(1000)
})

test('containers bound what programs burn and eat, signals reach them, and output is buffered without a terminal', async () => {
  const world = await createWorld({ seed: 1, topology: 'docker', commands, drain })
  const { stdout } =
    await world.script(`docker run -d --name burn --cpus 0.5 python:3.12-slim python -c 'while True: pass' >/dev/null
docker run --name eat -m 64m python:3.12-slim python -c "a = []
while True: a.append(' ' * 10**6)"
echo $? $(docker inspect -f '{{.State.OOMKilled}}' eat)
cat > term.py <<'END'
import signal, sys, time
def stop(number, frame):
    print('stopping', number)
    sys.exit(3)
signal.signal(signal.SIGTERM, stop)
print('ready')
while True: time.sleep(1)
END
docker run -d --name term -v $PWD:/app python:3.12-slim python /app/term.py >/dev/null
sleep 2; docker logs term; echo --; docker stop term; docker logs term; docker inspect -f '{{.State.ExitCode}}' term
docker stats --no-stream --format '{{.CPUPerc}}' burn
`)
  const lines = stdout.trim().split('\n')
  expect(lines.slice(0, -1)).toEqual(['137 true', '--', 'term', 'ready', 'stopping 15', '3'])
  const percent = Number.parseFloat(lines.at(-1)!)
  expect(percent).toBeGreaterThan(45)
  expect(percent).toBeLessThan(55)
})

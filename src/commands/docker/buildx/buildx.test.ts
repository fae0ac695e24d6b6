import { beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type SimulatedWorld } from '../../../sim/world/create-world.ts'
import { commands } from '../../index.ts'

describe('docker build with BuildKit', () => {
  let world: SimulatedWorld
  const run = async (script: string) => {
    const { stdout, stderr, status } = await world.script(script)
    return { stdout, stderr: stderr.replace(/sha256:[0-9a-f]{64}/g, 'ID').replace(/\d+\.\d+s?/g, 'T'), status }
  }
  const build = (text: string, command: string) => run(`cat > Dockerfile <<'END'\n${text}\nEND\n${command}`)
  beforeAll(async () => {
    const drain = () => new Promise<void>((done) => setImmediate(done))
    world = await createWorld({
      seed: 7,
      topology: 'docker',
      commands,
      drain,
      account: 'root',
      images: ['alpine:latest'],
    })
    await run('mkdir /b; echo one > /b/a.txt')
  })

  it('tells of each step on standard error, and of the cache the second time', async () => {
    const text = 'FROM alpine\nRUN echo hi\nCOPY a.txt /\nENV A=1'
    const first = await build(text, 'cd /b; mv /root/Dockerfile .; docker build -t x .')
    expect(first.stdout).toBe('')
    expect(first.stderr.replace(/\d+B done/g, 'N done')).toBe(`#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: N done
#1 DONE T

#2 [internal] load metadata for docker.io/library/alpine:latest
#2 DONE T

#3 [internal] load .dockerignore
#3 transferring context: N done
#3 DONE T

#4 [1/3] FROM docker.io/library/alpine:latest
#4 DONE T

#5 [2/3] RUN echo hi
#5 T hi
#5 DONE T

#6 [internal] load build context
#6 transferring context: N done
#6 DONE T

#7 [3/3] COPY a.txt /
#7 DONE T

#8 exporting to image
#8 exporting layers T done
#8 writing image ID done
#8 naming to docker.io/library/x:latest done
#8 DONE T
`)
    const again = await run(
      'cd /b; docker images -q x; docker build -t x . ; docker images -q x; docker images -aq | wc -l',
    )
    expect(again.stderr.match(/^#\d CACHED$/gm)).toHaveLength(3)
    const [before, after, count] = again.stdout.split('\n')
    expect(after).toBe(before)
    expect(Number(count)).toBe(2)
  })

  it('runs and copies here-documents', async () => {
    const { stderr, status } = await build(
      `FROM alpine
ARG NAME=you
RUN <<EOF
echo one > /one
echo two >> /one
EOF
RUN <<'SCRIPT'
#!/bin/sh -e
echo "$0" > /script
SCRIPT
RUN cat <<EOF > /made
$NAME
EOF
COPY <<EOF <<'RAW' /conf/
hello $NAME
EOF
hello $NAME
RAW`,
      'docker build -q -t here .',
    )
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const { stdout } = await run('docker run --rm here cat /one /script /made /conf/EOF /conf/RAW')
    expect(stdout).toBe('one\ntwo\n/dev/pipes/SCRIPT\nyou\nhello you\nhello $NAME\n')
  })

  it('builds only the stages that the target needs, and copies between them', async () => {
    const text = `ARG BASE=alpine
FROM $BASE AS build
RUN echo made > /out
FROM alpine AS broken
RUN exit 7
FROM scratch AS last
COPY --from=build /out /here/
FROM alpine
COPY --from=last /here/out /
CMD ["cat", "/out"]`
    const done = await build(text, 'docker build --target= -t multi . && docker run --rm multi')
    expect(done.stdout).toBe('made\n')
    expect(done.stderr).not.toContain('broken')
    expect(done.stderr).toMatch(/\[build 2\/2\] RUN .*\n(.*\n)*#\d+ \[stage-3 2\/2\] COPY --from=last/)
    const broken = await run('docker build --target broken .')
    expect(broken.status).toBe(1)
    expect(broken.stderr).toMatch(
      /> \[broken 2\/2\] RUN exit 7:\n------\nDockerfile:5\n-{20}\n {3}3 \| {5}RUN echo made > \/out\n {3}4 \| {5}FROM alpine AS broken\n {3}5 \| >>> RUN exit 7\n/,
    )
    expect(broken.stderr).toMatch(
      /\nERROR: failed to build: failed to solve: process "\/bin\/sh -c exit 7" did not .*: 7\n$/,
    )
  })

  it('keeps build arguments to their stage and out of the image', async () => {
    const text = `ARG V=1
FROM alpine
RUN echo "before: $V" > /v
ARG V
ARG W=fallback
ENV SEEN=$W
RUN echo "after: $V $W" >> /v
FROM alpine
RUN echo "other: $V" > /w`
    await build(text, 'docker build -q --target 0 -t args --build-arg V=2 . ; docker build -q -t other .')
    const { stdout } = await run(
      'docker run --rm args sh -c "cat /v; env | grep -c ^V=; echo $SEEN"; docker run --rm other cat /w',
    )
    expect(stdout).toBe('before: \nafter: 2 fallback\n0\n\nother: \n')
    const changed = await run('docker build --target 0 --build-arg V=3 . 2>&1 | grep -A2 "RUN echo" | grep -v "^--"')
    expect(changed.stdout).toMatch(/before: .*\n#\d CACHED\n\n?(.*\n)*.*after: 3 fallback.*\n#\d DONE/)
  })

  it('honours .dockerignore, ONBUILD, HEALTHCHECK, --no-cache, -f and several tags', async () => {
    const { stdout } = await build(
      'FROM alpine\nONBUILD COPY . /src/\nHEALTHCHECK --interval=5s --retries=2 CMD true',
      `mkdir -p ctx; echo secret > ctx/secret.txt; echo ok > ctx/ok.txt; echo '*.txt' > ctx/.dockerignore; echo '!ok.txt' >> ctx/.dockerignore
       docker build -q -t parent . > /dev/null
       docker inspect -f '{{.Config.OnBuild}} {{.Config.Healthcheck.Test}} {{.Config.Healthcheck.Retries}}' parent
       printf 'FROM parent\\nRUN ls /src\\n' > Other
       docker build --no-cache -f Other -t child:1 -t child:2 ctx 2> log; grep -E 'ok|secret|CACHED' log | cut -d' ' -f3
       docker images -q child | sort -u | wc -l`,
    )
    expect(stdout).toBe('[COPY . /src/] [CMD-SHELL true] 2\nok.txt\n1\n')
  })

  it('takes the Dockerfile from standard input, and says that it has no way to fetch one', async () => {
    const piped = await run(
      "printf 'FROM alpine\\nRUN echo piped > /p\\n' | docker build -q -t piped - ; docker run --rm piped cat /p",
    )
    expect(piped.stdout).toMatch(/^sha256:[0-9a-f]{64}\npiped\n$/)
    expect(await run('docker build https://github.com/a/b.git')).toEqual({
      stdout: '',
      stderr: 'ERROR: not simulated: docker build of a URL\n',
      status: 1,
    })
  })

  it('says what is wrong in the Dockerfile, and where', async () => {
    const typo = await build('FROM alpine\nRUM echo', 'docker build .')
    expect(typo.stderr).toContain('   2 | >>> RUM echo\n')
    expect(typo.stderr).toContain('dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)')
    const missing = await build('FROM alpine\nCOPY nothing /', 'docker build .')
    expect(missing.stderr).toContain(
      'failed to compute cache key: failed to calculate checksum of ref: "/nothing": not found',
    )
    const unknown = await build('FROM nosuch', 'docker build .')
    expect(unknown.stderr).toContain(
      'nosuch: failed to resolve source metadata for docker.io/library/nosuch:latest: pull access denied',
    )
  })
})

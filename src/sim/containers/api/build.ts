import { BuildContext } from '../build/build-context.ts'
import { BuildError } from '../build/build-error.ts'
import type { BuildRequest } from '../build/build-request.ts'
import { Builder } from '../build/builder.ts'
import { Solver } from '../build/buildkit/solver.ts'
import { SolveError } from '../build/buildkit/status.ts'
import { familiar, parseReference, withDefaultTag } from '../images/reference.ts'
import { registryWords, shortDigest } from './image-pull.ts'
import { type Call, pushStream, type Route } from './router.ts'

/** POST /build: the context is the body, an archive; version 2 is BuildKit's. */
function build(call: Call) {
  return call.query('version') === '2' ? solve(call) : buildClassic(call)
}

function requestOf(call: Call): BuildRequest {
  const target = call.query('target')
  return {
    dockerfile: call.query('dockerfile') || 'Dockerfile',
    tags: call.queryAll('t'),
    args: JSON.parse(call.query('buildargs') ?? '{}'),
    labels: JSON.parse(call.query('labels') ?? '{}'),
    ...(target ? { target } : {}),
    noCache: call.flag('nocache'),
    pull: call.flag('pull'),
  }
}

/** Tells of BuildKit's progress as `moby.buildkit.trace` messages, in plain JSON. */
function solve(call: Call) {
  const { daemon } = call
  const out = pushStream(daemon.kernel.world.waiting)
  const network = call.query('networkmode')
  const request = requestOf(call)
  const solver = new Solver(daemon, new BuildContext(call.request.body as Uint8Array), {
    ...request,
    dockerfileName: call.query('dockerfilename') ?? request.dockerfile,
    ...(network ? { network } : {}),
    ignored: JSON.parse(call.query('ignored') ?? '[]'),
    send: (aux) => out.push({ id: 'moby.buildkit.trace', aux }),
  })
  out.onClose(() => solver.cancel())
  void (async () => {
    try {
      const image = await solver.run()
      out.push({ id: 'moby.image.id', aux: { ID: image.id } })
    } catch (error) {
      const source = error instanceof SolveError ? error.source : undefined
      const { message } = error as Error
      out.push({ errorDetail: { message, source }, error: message })
    } finally {
      out.end()
    }
  })()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

function buildClassic(call: Call) {
  const { daemon } = call
  const out = pushStream(daemon.kernel.world.waiting)
  const quiet = call.flag('q')
  const print = (text: string) => {
    if (!quiet) out.push({ stream: text })
  }
  const builder = new Builder(daemon, new BuildContext(call.request.body as Uint8Array), {
    ...requestOf(call),
    remove: call.query('rm') === undefined || call.flag('rm'),
    print,
    refusal: (error, text) => registryWords(error, withDefaultTag(parseReference(text)), undefined),
    pullImage: async (text) => {
      const reference = withDefaultTag(parseReference(text))
      let upToDate = false
      let digest = ''
      const pulled = await daemon.engine.fetch(reference, {
        onProgress: (event) => {
          if (event.kind === 'manifest') {
            digest = event.image.manifest.digest
            upToDate = event.upToDate
            print(`${reference.tag ?? reference.digest}: Pulling from ${reference.path}\n`)
          } else if (event.kind === 'exists') print(`${shortDigest(event.layer.digest)}: Already exists\n`)
          else if (event.kind === 'waiting') print(`${shortDigest(event.layer.digest)}: Pulling fs layer\n`)
          else if (event.kind === 'downloaded')
            print(
              `${shortDigest(event.layer.digest)}: Verifying Checksum\n${shortDigest(event.layer.digest)}: Download complete\n`,
            )
          else print(`${shortDigest(event.layer.digest)}: Pull complete\n`)
        },
      })
      print(
        `Digest: ${digest}\nStatus: ${upToDate ? 'Image is up to date' : 'Downloaded newer image'} for ${familiar(reference)}\n`,
      )
      return pulled
    },
  })
  void (async () => {
    try {
      const image = await builder.run()
      out.push({ aux: { ID: image.id } })
      if (quiet) out.push({ stream: `${image.id}\n` })
    } catch (error) {
      const { message } = error as Error
      out.push({ errorDetail: { code: error instanceof BuildError ? error.code : 1, message }, error: message })
    } finally {
      out.end()
    }
  })()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

export const buildRoute: Route = { method: 'POST', path: '/build', handle: build }

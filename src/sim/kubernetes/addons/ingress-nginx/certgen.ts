import type { Program } from '../../../linux/process.ts'
import { goFlags } from '../../../programs/http/daemon.ts'
import { makeCertificate } from '../../../programs/openssl/certificate.ts'
import { rfc3339 } from '../../../time/date.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { PodApi, PodApiError } from '../pod-api.ts'

/** kube-webhook-certgen: `create` makes the Secret with a certificate, `patch` puts its authority into the webhook. */
export function webhookCertgen(server: ApiServer): Program {
  return async (process) => {
    const [, command = '', ...rest] = process.argv
    const flags = goFlags(rest)
    const say = (level: string, text: string) =>
      process.printError(
        `{"level":"${level}","msg":${JSON.stringify(text)},"time":"${rfc3339(process.wallClock())}"}\n`,
      )
    const namespace = flags.get('namespace', 'default')
    const secret = `/api/v1/namespaces/${namespace}/secrets`
    const name = flags.get('secret-name', '')
    try {
      const api = await PodApi.open(process, server, 'kube-webhook-certgen')
      const known = await api.request('GET', `${secret}/${name}`).catch((error) => {
        if (error instanceof PodApiError && error.code === 404) return undefined
        throw error
      })
      if (command === 'create') {
        if (known) {
          await say('info', 'secret already exists')
          return 0
        }
        await process.compute(40)
        const [host = ''] = flags.get('host', '').split(',')
        const issue = (subject: string, authority: boolean) =>
          makeCertificate(process.random, {
            subject: [['CN', subject]],
            issuer: [['CN', 'nil1']],
            publicKey: [0x30, 0x00],
            from: process.wallClock(),
            days: 36_500,
            authority,
          })
        await say('info', 'creating new secret')
        await api.request('POST', secret, {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name, namespace },
          data: {
            ca: btoa(issue('nil1', true)),
            cert: btoa(issue(host, false)),
            key: btoa('-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n'),
          },
        })
        return 0
      }
      if (command !== 'patch') {
        await say('fatal', `unknown command ${JSON.stringify(command)} for "kube-webhook-certgen"`)
        return 1
      }
      const ca = known?.data?.ca
      if (ca === undefined) {
        await say('fatal', `no secret with '${name}' in '${namespace}'`)
        return 1
      }
      const webhook = flags.get('webhook-name', '')
      if (flags.get('patch-validating', 'true') === 'true') {
        const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${webhook}`
        const found = await api.request('GET', path)
        const webhooks = found.webhooks.map((each: any) => ({
          ...each,
          clientConfig: { ...each.clientConfig, caBundle: ca },
          failurePolicy: flags.get('patch-failure-policy', each.failurePolicy),
        }))
        await say(
          'info',
          `patching webhook configurations '${webhook}' mutating=false, validating=true, failurePolicy=Fail`,
        )
        await api.request('PUT', path, { ...found, webhooks })
        await say('info', 'Patched hook(s)')
      }
      return 0
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await say('fatal', error.message)
      return 1
    }
  }
}

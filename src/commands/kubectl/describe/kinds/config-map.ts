import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'

export const describeConfigMap: Describer = async (w, context) => {
  const { object: configMap } = context
  writeHead(w, configMap)
  w.line(0, '\nData\n====')
  for (const [key, value] of Object.entries(configMap.data ?? {}).sort()) {
    w.line(0, `${key}:\n----`)
    w.line(0, `${value}\n`)
  }
  w.line(0, '\nBinaryData\n====')
  for (const [key, value] of Object.entries(configMap.binaryData ?? {}).sort()) {
    w.line(0, `${key}: ${atob(String(value)).length} bytes`)
  }
  w.line(0, '')
  await describeEvents(w, context)
}

export const describeSecret: Describer = (w, { object: secret }) => {
  writeHead(w, secret)
  w.line(0, `\nType:\t${secret.type}`)
  w.line(0, '\nData\n====')
  for (const [key, value] of Object.entries(secret.data ?? {}).sort()) {
    const text = atob(String(value))
    const shown =
      key === 'token' && secret.type === 'kubernetes.io/service-account-token' ? text : `${text.length} bytes`
    w.line(0, `${key}:\t${shown}`)
  }
}

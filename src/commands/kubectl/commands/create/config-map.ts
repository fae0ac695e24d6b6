import { nameHash } from '../../kustomize/name-hash.ts'
import { generator } from './generator.ts'
import { base64, type KeyValues, keyValueFlags, keyValues, sortedEntries, utf8 } from './key-values.ts'

export const createConfigMap = generator({
  name: 'configmap',
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  examples: `
# Create a new config map named my-config based on folder bar
kubectl create configmap my-config --from-file=path/to/bar

# Create a new config map named my-config with specified keys instead of file basenames on disk
kubectl create configmap my-config --from-file=key1=/path/to/bar/file1.txt --from-file=key2=/path/to/bar/file2.txt

# Create a new config map named my-config with key1=config1 and key2=config2
kubectl create configmap my-config --from-literal=key1=config1 --from-literal=key2=config2`,
  use: 'configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: keyValueFlags('configmap'),
  failure: 'failed to create configmap: ',
  build(session, name) {
    const values = keyValues(session, 'ConfigMap', name)
    const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name }, ...configMapData(values) }
    if (!session.flags.bool('append-hash')) return object
    return { ...object, metadata: { name: `${name}-${nameHash(object)}` } }
  },
})

/** Texts under `data`, everything else under `binaryData`. */
export function configMapData(values: KeyValues): {
  data?: Record<string, string>
  binaryData?: Record<string, string>
} {
  const data: Record<string, string> = {}
  const binaryData: Record<string, string> = {}
  for (const [key, bytes] of sortedEntries(values)) {
    const text = utf8(bytes)
    if (text === undefined) binaryData[key] = base64(bytes)
    else data[key] = text
  }
  return {
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
  }
}

import { expect, test } from 'vitest'
import { chainHash } from './chain-hash.ts'

test('chains are named as the real kube-proxy names them', () => {
  expect(chainHash('default/kubernetes:httpstcp')).toBe('NPX46M4PTMTKRN6Y')
  expect(chainHash('kube-system/kube-dns:dnsudp')).toBe('TCOU7JCQXEZGVUNU')
})

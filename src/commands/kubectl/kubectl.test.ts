import { describe, expect, test } from 'vitest'
import { cluster } from './test-support/run.ts'

const drain = () => new Promise<void>((resolve) => setImmediate(resolve))

const POD = `apiVersion: v1
kind: Pod
metadata: {name: p, labels: {app: p}}
spec: {containers: [{name: c, image: "nginx:alpine"}]}
`

describe('kubectl', () => {
  test('applies a file, says what it did, and says when nothing changed', async () => {
    const { call } = cluster(drain, { 'p.yaml': POD })
    expect(await call(['apply', '-f', 'p.yaml'])).toEqual({ stdout: 'pod/p created\n', stderr: '', status: 0 })
    expect(await call(['apply', '-f', 'p.yaml'])).toEqual({ stdout: 'pod/p unchanged\n', stderr: '', status: 0 })
  })

  test('prints tables from the server, with labels and without headers', async () => {
    const { call } = cluster(drain, { 'p.yaml': POD })
    await call(['apply', '-f', 'p.yaml'])
    const { stdout } = await call(['get', 'pods', '--show-labels'])
    expect(stdout).toMatch(
      /^NAME {3}READY {3}STATUS {4}RESTARTS {3}AGE {3}LABELS\np {6}0\/1 {5}Pending {3}0 {10}\d+s {4}app=p\n$/,
    )
    expect((await call(['get', 'po', '--no-headers', '-o', 'name'])).stdout).toBe('pod/p\n')
  })

  test('removes a field that an applied file no longer has, and keeps what others set', async () => {
    const { call, files } = cluster(drain, {
      'cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1", b: "2"}\n',
    })
    await call(['apply', '-f', 'cm.yaml'])
    await call(['patch', 'cm', 'c', '-p', '{"data":{"other":"3"}}'])
    files.write('cm.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1"}\n')
    expect((await call(['apply', '-f', 'cm.yaml'])).stdout).toBe('configmap/c configured\n')
    expect((await call(['get', 'cm', 'c', '-o', 'jsonpath={.data}'])).stdout).toBe('{"a":"1","other":"3"}')
  })

  test('collects the errors of several objects and exits 1', async () => {
    const { call } = cluster(drain)
    expect(await call(['get', 'pod', 'a', 'b'])).toEqual({
      stdout: '',
      stderr: 'Error from server (NotFound): pods "a" not found\nError from server (NotFound): pods "b" not found\n',
      status: 1,
    })
  })

  test('refuses a wrong flag and an unknown command in the real words', async () => {
    const { call } = cluster(drain)
    expect((await call(['get', 'pods', '--bogus'])).stderr).toBe(
      "error: unknown flag: --bogus\nSee 'kubectl get --help' for usage.\n",
    )
    expect((await call(['aply', '-f', 'x'])).stderr).toBe(
      'error: unknown command "aply" for "kubectl"\n\nDid you mean this?\n\tapply\n',
    )
  })

  test('says that the server refuses connections', async () => {
    const { call } = cluster(drain)
    const { stderr, status } = await call(['--server=https://10.0.0.9:6443', 'get', 'pods'])
    expect(stderr).toBe(
      'The connection to the server 10.0.0.9:6443 was refused - did you specify the right host or port?\n',
    )
    expect(status).toBe(1)
  })

  test('describes a Pod with its events', async () => {
    const { call } = cluster(drain, { 'p.yaml': POD })
    await call(['apply', '-f', 'p.yaml'])
    const { stdout } = await call(['describe', 'pod', 'p'])
    expect(stdout).toContain('Containers:\n  c:\n    Image:        nginx:alpine\n')
    expect(stdout.endsWith('Events:                      <none>\n')).toBe(true)
  })

  test('shows what it sends at --v=8', async () => {
    const { call } = cluster(drain)
    const { stderr } = await call(['get', 'pods', '--v=8'])
    expect(stderr).toContain('verb="GET" url="https://192.168.10.210:6443/api/v1/namespaces/default/pods?limit=500"')
  })

  test('switches contexts in the kubeconfig', async () => {
    const { call } = cluster(drain)
    await call(['config', 'set-context', 'dev', '--cluster=kubernetes', '--user=kubernetes-admin', '--namespace=dev'])
    expect((await call(['config', 'use-context', 'dev'])).stdout).toBe('Switched to context "dev".\n')
    expect((await call(['get', 'pods'])).stderr).toBe('No resources found in dev namespace.\n')
  })
})

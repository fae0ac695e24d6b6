import { expect, it } from 'vitest'
import { runProgram } from '../testing/run-program.ts'
import { nodePrograms } from './index.ts'

const [, program] = nodePrograms[0]!
const node = (source: string, options: Parameters<typeof runProgram>[2] = {}) =>
  runProgram(program, ['node', '-e', source], { killAfter: 60_000, ...options })

it('keeps the order of ticks, promises, timers and immediates', async () => {
  const { stdout, status } = await node(`
    setTimeout(() => console.log('timeout'), 20)
    setImmediate(() => console.log('immediate'))
    Promise.resolve().then(() => console.log('promise'))
    process.nextTick(() => console.log('tick'))
    console.log('script')`)
  expect(stdout).toBe('script\ntick\npromise\nimmediate\ntimeout\n')
  expect(status).toBe(0)
})

it('serves and asks over HTTP', async () => {
  const { stdout } = await node(`
    const http = require('node:http')
    const server = http.createServer((request, response) => {
      let body = ''
      request.on('data', (piece) => (body += piece))
      request.on('end', () => response.end(request.method + ' ' + request.url + ' ' + body))
    })
    server.listen(3000, async () => {
      const response = await fetch('http://localhost:3000/a?b=1', { method: 'POST', body: 'text' })
      console.log(response.status, await response.text())
      server.close()
    })`)
  expect(stdout).toBe('200 POST /a?b=1 text\n')
})

it('ends by an error that nobody caught, as Node tells it', async () => {
  const { stderr, status } = await node('const a = {}\nasync function f() {\n  return a.b.c\n}\nf()')
  expect(stderr).toContain(`[eval]:3
  return a.b.c
             ^

TypeError: Cannot read properties of undefined (reading 'c')
    at f ([eval]:3:14)
    at [eval]:5:1
`)
  expect(stderr).toMatch(/\n\nNode\.js v20\.\d+\.\d+\n$/)
  expect(status).toBe(1)
})

it('counts a loop without end as CPU time of a process that a signal ends', async () => {
  const { stdout, signal } = await node("console.log('before'); while (true) {}", { killAfter: 5_000 })
  expect(signal).toBe('SIGKILL')
  expect(stdout).toBe('before\n')
})

it('gives the same bytes for the same seed', async () => {
  const source = 'console.log(Math.random(), Date.now(), require("crypto").randomUUID(), performance.now())'
  const [a, b] = [await node(source), await node(source)]
  expect(a.stdout).toBe(b.stdout)
  expect(a.stdout).not.toBe('')
})

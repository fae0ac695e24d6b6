import { describe, expect, it } from 'vitest'
import { sameOutput } from './same-output.ts'

describe('what a page shows against what was printed', () => {
  it('forgives ages, addresses and generated names', () => {
    const shown = 'NAME                  READY  AGE  IP\nweb-6d4b75cb6d-x2lqk  1/1    4s   10.10.1.7'
    const printed = 'NAME                    READY   AGE    IP\nweb-7d9b8f6c5d-8nxnw    1/1     2m5s   10.10.1.12\n'
    expect(sameOutput(shown, printed)).toBe(true)
  })

  it('does not forgive words', () => {
    expect(sameOutput('pod/web created', 'pod/web configured\n')).toBe(false)
    expect(sameOutput('web   1/1   Running', 'web   0/1   Running\n')).toBe(false)
  })

  it('lets … stand for lines left out', () => {
    expect(sameOutput('Name: web\n…\nEvents: <none>', 'Name: web\nIP: x\nNode: y\nEvents: <none>\n')).toBe(true)
    expect(sameOutput('Name: web\n…\nEvents: <none>', 'Name: api\nIP: x\nEvents: <none>\n')).toBe(false)
  })
})

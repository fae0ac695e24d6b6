import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnPty } from '@lydell/node-pty'

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const environment = (home: string) => ({
  ...process.env,
  CI: 'false',
  KUBEBOOK_HOME: home,
  TERM: 'xterm-256color',
  COLUMNS: '120',
  LINES: '40',
})

function inFreshHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'kubebook-bench-'))
  return work(home).finally(() => rmSync(home, { recursive: true, force: true }))
}

/** Real ms from start to exit. */
export function wholeRun(args: readonly string[], input = ''): Promise<number> {
  return inFreshHome(
    (home) =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const child = spawn(process.execPath, [...args], {
          env: environment(home),
          stdio: ['pipe', 'ignore', 'inherit'],
        })
        child.on('error', reject)
        child.on('exit', () => resolve(performance.now() - began))
        child.stdin.end(input)
      }),
  )
}

/** Real ms until the program, in a pseudo terminal, has printed text that matches. */
export function firstFrame(args: readonly string[], shown: RegExp): Promise<number> {
  return inFreshHome(
    (home) =>
      new Promise((resolve, reject) => {
        const began = performance.now()
        const pty = spawnPty(process.execPath, [...args], {
          cols: 120,
          rows: 40,
          name: 'xterm-256color',
          env: environment(home) as Record<string, string>,
        })
        let seen = ''
        const timer = setTimeout(() => {
          pty.kill()
          reject(new Error(`no first frame; seen: ${seen.slice(0, 500)}`))
        }, 20_000)
        pty.onData((data) => {
          seen += data
          if (!shown.test(seen)) return
          clearTimeout(timer)
          resolve(performance.now() - began)
          pty.kill()
        })
      }),
  )
}

/** Two commands in turn, A B A B …, so that a drifting machine touches both alike. */
export async function paired(
  runs: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number; b: number; ratio: number }> {
  await a()
  await b()
  const as: number[] = []
  const bs: number[] = []
  for (let i = 0; i < runs; i++) {
    as.push(await a())
    bs.push(await b())
  }
  return { a: median(as), b: median(bs), ratio: median(as.map((value, i) => value / bs[i]!)) }
}

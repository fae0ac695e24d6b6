import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Driver, pause } from './driver.ts'

const root = resolve(import.meta.dirname, '../..')
const shiftTab = '\x1b[Z'

let open: Driver[] = []
/** A course of one chapter, so that what is written elsewhere in the book does not move these pages. */
const course = mkdtempSync(join(tmpdir(), 'kubebook-course-'))
for (const part of ['lessons', 'labs', 'graders'])
  cpSync(join(root, part, '03-pods'), join(course, part, '03-pods'), { recursive: true })

const start = (...[args, ...rest]: ConstructorParameters<typeof Driver>) => {
  const driver = new Driver([...args, '--course', course], ...rest)
  open.push(driver)
  return driver
}

beforeAll(() => {
  const build = spawnSync(process.execPath, [resolve(root, 'scripts/build.mjs'), '--quiet'], { encoding: 'utf8' })
  if (build.status !== 0) throw new Error(build.stderr)
}, 120_000)

afterEach(() => {
  for (const driver of open) driver.kill()
  open = []
})

describe('the study session', () => {
  it('opens a later page with the earlier ones done, tells what a word means, and explains an error', async () => {
    const learner = start([])
    await learner.sees('Continue')
    learner.press('/')
    await learner.sees('search')
    await learner.type('A Pod that fails')
    await learner.sees('learner@laptop:~$', 20_000)
    await learner.sees('ngx-pod')
    learner.press('t')
    await learner.sees('terms of this page')
    learner.press('\x1b')
    await learner.seesNot('terms of this page')
    learner.press('\t')
    await learner.type('kubectl run broken --image=nginx:none; sleep 3; kubectl get pod broken')
    await learner.sees('ErrImagePull')
    learner.press(shiftTab)
    await learner.sees('e errors explained')
    learner.press('e')
    await learner.sees(/ErrImagePull +→ +3 › A Pod that fails/)
  })

  it('is opened, read, failed, mended, passed, left, and found again where it was', async () => {
    const learner = start([])
    await learner.sees('Continue')
    learner.press('\r')
    await learner.sees('A cluster does not run containers')
    await learner.sees('learner@laptop:~$')

    // Reading: the file is written and the first command run with one key each.
    learner.press('r')
    await learner.sees('written: ngx-pod.yml')
    learner.press('r')
    await learner.sees('pod/ngx-pod created\n', 20_000).catch(() => learner.sees(/│ pod\/ngx-pod created/))

    // A wrong answer: the page moves up as far as both explanations need.
    learner.press('r')
    await learner.sees('▸ 1  A second Pod is started.', 20_000)
    learner.press('1')
    await learner.sees('You described one Pod')
    await learner.sees('you like')

    learner.press('n')
    await learner.sees('Lab · A first Pod')
    await learner.sees('learner@laptop:~$')
    learner.press('\t')
    await learner.type('kubectl run hello --image=ngnix:alpine --labels=app=hello')
    await learner.sees('pod/hello created')
    await learner.type('check')
    await learner.sees('✗ It runs and is ready')
    await learner.sees(/expected\s+status\.phase\s+Running/)
    await learner.sees(/seen\s+status\.phase\s+Pending/)
    await learner.sees('○ It answers on port 80')

    await learner.type('kubectl set image pod/hello hello=nginx:alpine')
    await learner.sees('pod/hello image updated')
    await learner.type('check')
    await learner.sees('Passed. 7/7 points')
    await learner.sees('checks ✓ ✓ ✓ ✓ ✓')

    learner.press(shiftTab)
    await learner.sees('q leave')
    learner.press('q')
    expect(await learner.exited).toBe(0)

    const again = start([], { home: learner.home })
    await again.sees('Continue  3 Pods › Lab · A first Pod')
    await again.sees(/2\/\d\d/)
    again.press('\r')
    await again.sees('pod/hello image updated')
  }, 90_000)

  it('loses nothing of what was shown as done when it is killed', async () => {
    const learner = start(['lab', 'first-pod'])
    await learner.sees('learner@laptop:~$')
    learner.press('\t')
    await learner.type('kubectl run hello --image=nginx:alpine --labels=app=hello')
    await learner.sees('pod/hello created')
    await learner.type('check')
    await learner.sees('Passed.')
    learner.kill('SIGKILL')
    await learner.exited

    const again = start(['lab', 'first-pod'], { home: learner.home })
    await again.sees('pod/hello created')
    await again.sees('checks ✓ ✓ ✓ ✓ ✓')
    again.press('\t')
    await again.type('kubectl wait --for=condition=Ready pod/hello')
    await again.sees('pod/hello condition met')
  }, 60_000)

  it('stacks page and terminal on 80×24, and follows a resize', async () => {
    const learner = start(['lab', 'first-pod'], { columns: 80, rows: 24 })
    await learner.sees('A colleague wants to show a web page')
    await learner.sees('learner@laptop:~$')
    learner.press('\t')
    await learner.type('echo 容器|cat; echo "|"')
    await learner.sees('容器')
    learner.resize(120, 30)
    await learner.sees('┬')
    await learner.sees('A colleague wants to show a web page')
    await learner.sees('容器')
    // One pane in the whole width, and both again.
    learner.press(shiftTab)
    learner.press('z')
    await learner.seesNot('┬')
    learner.press('z')
    await learner.sees('┬')
  }, 60_000)

  it('takes a paste of many lines, gives hints, takes back the last command', async () => {
    const learner = start(['lab', 'first-pod'])
    await learner.sees('learner@laptop:~$')
    learner.press('\t')
    learner.press('\x1b[200~kubectl create configmap a\nkubectl create configmap b\n\x1b[201~')
    await learner.sees('configmap/b created')
    await learner.type('hint')
    await learner.sees(/Hint[\s\S]*What has to be different\?/)
    await learner.type('kubectl run hello --image=nginx:alpine')
    await learner.sees('pod/hello created')
    learner.press(shiftTab)
    await learner.sees('q leave')
    learner.press('u')
    await learner.seesNot('pod/hello created')
    learner.press('\t')
    await learner.type('kubectl get pods,cm')
    await learner.sees(/configmap\/b/)
    expect(learner.screen()).not.toContain('pod/hello')
    await learner.type('sleep 1000')
    await pause(500)
    learner.press('\x03')
    await learner.sees('^C')
    await learner.type('echo still $((6*7))')
    await learner.sees('still 42')
  }, 60_000)

  it('speaks Chinese, and changes the language while it runs', async () => {
    const learner = start(['--lang', 'zh'])
    await learner.sees('继续')
    learner.press('\r')
    await learner.sees('第一个 Pod')
    learner.press('L')
    await learner.sees('A cluster does not run containers')
  }, 60_000)
})

describe('without a terminal', () => {
  const kubebook = (args: readonly string[], input = '', home = mkdtempSync(join(tmpdir(), 'kubebook-'))) => {
    const env = { ...process.env, KUBEBOOK_HOME: home, LANG: 'C.UTF-8' }
    return spawnSync(process.execPath, [resolve(root, 'dist/kubebook.js'), ...args], { encoding: 'utf8', input, env })
  }

  it('shows the contents, then the demo', () => {
    const { stdout, status } = kubebook(['--course', course])
    expect(status).toBe(0)
    expect(stdout).toContain('(03-pods/01-first-pod)')
    expect(stdout).toMatch(/✗ [\s\S]*Passed\. 7\/7 points/)
    expect(stdout).not.toContain('\x1b')
  })

  it('grades a script: 0, 1, 2', () => {
    const pass = kubebook(
      ['grade', 'first-pod', '--script', '-', '--format', 'json'],
      'kubectl run hello --image=nginx:alpine --labels=app=hello\n',
    )
    expect([pass.status, JSON.parse(pass.stdout).points]).toEqual([0, 7])
    const fail = kubebook(['grade', 'first-pod', '--script', '-', '--format', 'junit'], 'true\n')
    expect([fail.status, fail.stdout.match(/failures="(\d+)"/)?.[1]]).toEqual([1, '1'])
    const unknown = kubebook(['grade', 'frist-pod', '--script', '-'])
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean "first-pod"?')])
  })

  it('hands in what was done in a lab, and grades that', () => {
    const home = mkdtempSync(join(tmpdir(), 'kubebook-'))
    const lab = kubebook(
      ['lab', 'first-pod'],
      'kubectl run hello --image=nginx:alpine --labels=app=hello\ncheck\n',
      home,
    )
    expect([lab.status, lab.stdout]).toEqual([0, expect.stringContaining('Passed. 7/7 points')])
    expect(kubebook(['submit', 'first-pod', '-o', join(home, 'mine.jsonl')], '', home).status).toBe(0)
    const graded = kubebook(['grade', 'first-pod', '--submission', join(home, 'mine.jsonl')])
    expect([graded.status, graded.stdout]).toEqual([0, expect.stringContaining('Passed. 7/7 points')])
    expect(kubebook(['grade', 'image-repair', '--submission', join(home, 'mine.jsonl')]).status).toBe(2)
  })

  it('runs a script in a fresh world: equal for one seed', () => {
    const script =
      'kubectl create deploy web --image=nginx:alpine --replicas=3\nkubectl rollout status deploy/web\nkubectl get pods -o wide\nexit 3\n'
    const first = kubebook(['run', '-'], script)
    expect(first.status).toBe(3)
    expect(first.stdout).toContain('deployment "web" successfully rolled out')
    expect(kubebook(['run', '-'], script).stdout).toBe(first.stdout)
    expect(kubebook(['run', '-', '--seed', '2'], script).stdout).not.toBe(first.stdout)
  })
})

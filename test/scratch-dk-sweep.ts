import { mkdtempSync } from 'node:fs'
import { openDoorWorld, runReal } from './doors/door-world.ts'
import { readFileSync } from 'node:fs'
const world = await openDoorWorld('docker', 200)
const folder = mkdtempSync('/tmp/kb/dksweep-')
const real = (command: string) => runReal(['/bin/bash', '-c', command], { env: { DOCKER_HOST: `tcp://127.0.0.1:${world.served.dockerPort}`, HOME: folder }, cwd: folder, limit: 20000 })
await world.ours('sudo rm -rf /usr/libexec/docker')
await world.ours('docker pull busybox; docker pull alpine; docker pull nginx:alpine')
const twin = (r: {stdout:string;stderr:string;status:number}) => `${r.stdout}[stderr]\n${r.stderr}[${r.status}]`
  .replace(/\b[0-9a-f]{64}\b/g, 'ID').replace(/\b[0-9a-f]{12}\b/g, 'ID').replace(/-([ro])\b/g, '-N')
  .replace(/ago|\d\d:\d\d:\d\d\S*|\d+\.\d+%/g, 'T').replace(/(About a|About an|Less than a|\d+) (second|minute|hour)s?/g,'D').replace(/ +/g,' ').replace(/172\.\d+\.\d+\.\d+/g,'IP').replace(/02:42:[0-9a-f:]+/g,'MAC').replace(/\b[a-z]+_[a-z]+\b/g,'NAME').replace(/timeNano=?":?\d+/g,'')
let bad = 0, n = 0
const only = process.env.ONLY
for (const raw of readFileSync(process.env.CMDS!, 'utf8').split('\n')) {
  const command = raw.trim()
  if (!command || command.startsWith('#')) continue
  if (only && !command.includes(only) && !command.startsWith('!')) continue
  const c = command.replace(/^!/, '')
  n++
  const a = twin(await real(c.replaceAll('@', 'r')))
  const b = twin(await world.ours(c.replaceAll('@', 'o')))
  if (a !== b && !command.startsWith('!')) {
    bad++
    const la = a.split('\n'), lb = b.split('\n')
    console.log(`\n$ ${c}`)
    let shown = 0
    for (let i = 0; i < Math.max(la.length, lb.length) && shown < 12; i++) if (la[i] !== lb[i]) { console.log(`  real| ${la[i] ?? '∅'}\n  ours| ${lb[i] ?? '∅'}`); shown++ }
  }
}
console.log(`${n} commands, ${bad} differ`)
await world.close()
process.exit(0)

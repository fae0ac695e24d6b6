#!/usr/bin/env node
// Starts a script again when files change.
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const path = require('node:path')

const log = (text) => console.log(process.stdout.isTTY ? `\x1b[33m[nodemon] ${text}\x1b[39m` : `[nodemon] ${text}`)
const version = require('./package.json').version
const script =
  process.argv.slice(2).find((word) => !word.startsWith('-')) ??
  JSON.parse(fs.readFileSync('package.json', 'utf8')).main ??
  'index.js'
log(version)
log('to restart at any time, enter `rs`')
log('watching path(s): *.*')
log('watching extensions: js,mjs,cjs,json')

let child
let restarting = false
function start() {
  log(`starting \`node ${script}\``)
  child = spawn(process.execPath, [script], { stdio: 'inherit' })
  child.on('exit', (code, signal) => {
    if (restarting) {
      restarting = false
      start()
    } else if (code === 0) log('clean exit - waiting for changes before restart')
    else if (!signal) log('app crashed - waiting for file changes before starting...')
    child = undefined
  })
}
function restart() {
  log('restarting due to changes...')
  if (child) {
    restarting = true
    child.kill('SIGUSR2')
  } else start()
}
fs.watch(path.resolve('.'), (event, name) => {
  if (/\.(?:js|mjs|cjs|json)$/.test(name ?? '')) restart()
})
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    child?.kill(signal)
    process.exit(0)
  })
start()

import assert from './assert.js?raw'
import bootstrap from './bootstrap.js?raw'
import buffer from './buffer.js?raw'
import childProcess from './child-process.js?raw'
import cjs from './cjs.js?raw'
import clock from './clock.js?raw'
import clone from './clone.js?raw'
import console from './console.js?raw'
import crypto from './crypto.js?raw'
import dns from './dns.js?raw'
import encoding from './encoding.js?raw'
import equal from './equal.js?raw'
import errors from './errors.js?raw'
import esm from './esm.js?raw'
import eventTarget from './event-target.js?raw'
import events from './events.js?raw'
import fetch from './fetch.js?raw'
import fs from './fs.js?raw'
import fsPromises from './fs-promises.js?raw'
import http from './http.js?raw'
import httpCommon from './http-common.js?raw'
import https from './https.js?raw'
import inspect from './inspect.js?raw'
import intl from './intl.js?raw'
import json from './json.js?raw'
import locale from './locale.js?raw'
import main from './main.js?raw'
import module from './module.js?raw'
import net from './net.js?raw'
import os from './os.js?raw'
import path from './path.js?raw'
import perfHooks from './perf-hooks.js?raw'
import process from './process.js?raw'
import promises from './promises.js?raw'
import querystring from './querystring.js?raw'
import readline from './readline.js?raw'
import repl from './repl.js?raw'
import resolve from './resolve.js?raw'
import stdio from './stdio.js?raw'
import stream from './stream.js?raw'
import streamPromises from './stream-promises.js?raw'
import stringDecoder from './string-decoder.js?raw'
import tasks from './tasks.js?raw'
import timerQueue from './timer-queue.js?raw'
import timers from './timers.js?raw'
import timersPromises from './timers-promises.js?raw'
import url from './url.js?raw'
import util from './util.js?raw'
import webCrypto from './web-crypto.js?raw'

/** Node's library by the name that `require` knows; `internal/…` is for the library itself. One line each. */
export const library: Readonly<Record<string, string>> = {
  'internal/bootstrap': bootstrap,
  'internal/errors': errors,
  'internal/clock': clock,
  'internal/tasks': tasks,
  'internal/promises': promises,
  'internal/timer-queue': timerQueue,
  'internal/inspect': inspect,
  'internal/resolve': resolve,
  'internal/cjs': cjs,
  'internal/esm': esm,
  'internal/main': main,
  'internal/stdio': stdio,
  'internal/encoding': encoding,
  'internal/http-common': httpCommon,
  'internal/json': json,
  'internal/locale': locale,
  'internal/intl': intl,
  'internal/clone': clone,
  'internal/event-target': eventTarget,
  'internal/fetch': fetch,
  'internal/web-crypto': webCrypto,
  'internal/equal': equal,
  'internal/repl': repl,
  assert: assert,
  buffer: buffer,
  child_process: childProcess,
  console: console,
  crypto: crypto,
  dns: dns,
  events: events,
  fs: fs,
  'fs/promises': fsPromises,
  http: http,
  https: https,
  module: module,
  net: net,
  os: os,
  path: path,
  perf_hooks: perfHooks,
  process: process,
  querystring: querystring,
  readline: readline,
  stream: stream,
  'stream/promises': streamPromises,
  string_decoder: stringDecoder,
  timers: timers,
  'timers/promises': timersPromises,
  url: url,
  util: util,
}

/** Parts of modules that have names of their own. */
export const PARTS: Readonly<Record<string, readonly [module: string, property?: string]>> = {
  'assert/strict': ['assert', 'strict'],
  constants: ['fs', 'constants'],
  'dns/promises': ['dns', 'promises'],
  'path/posix': ['path'],
  'readline/promises': ['readline', 'promises'],
  sys: ['util'],
  'util/types': ['util', 'types'],
}

/** Modules that real Node has and this one does not. */
export const NOT_SIMULATED: ReadonlySet<string> = new Set(
  'async_hooks cluster dgram diagnostics_channel domain http2 inspector punycode repl sea sqlite stream/consumers stream/web test tls trace_events tty v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
)

import type { Process, Program } from '../../linux/process.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { ConfigError, parseConfig, type ServerConfig } from './config/config.ts'
import { parseRuleFile, ruleFilePaths } from './rules/rule-file.ts'
import { VERSION } from './server.ts'

const USAGE = 'usage: promtool [<flags>] <command> [<args> ...]\n'

/** promtool: checks configurations and rules before a server reads them, and asks a server a query. */
export const promtool: Program = async (process) => {
  const [command = '', what = '', ...rest] = process.argv.slice(1)
  const fail = async (message: string) => {
    await process.printError(`promtool: error: ${message}, try --help\n`)
    return 1
  }
  if (command === '--version') {
    await process.print(
      `promtool, version ${VERSION} (branch: HEAD, revision: 41f1a8125e664985dd30674e5bdf6b683eff5d32)\n`,
    )
    return 0
  }
  if (command === 'check' && (what === 'config' || what === 'rules')) {
    const missing = rest.find((path) => !process.files.exists(path))
    if (missing !== undefined) return fail(`path '${missing}' does not exist`)
    if (rest.length === 0)
      return fail(`required argument '${what === 'config' ? 'config-files' : 'rule-files'}' not provided`)
    let bad = 0
    for (const path of rest)
      bad += what === 'config' ? await checkConfig(process, path) : await checkRules(process, path, '')
    return bad > 0 ? 1 : 0
  }
  if (command === 'query' && what === 'instant') return queryInstant(process, rest[0] ?? '', rest.slice(1).join(' '))
  await process.printError(
    command === '' || command === '--help' ? USAGE : `promtool: error: not simulated: ${command} ${what}\n`,
  )
  return command === '--help' ? 0 : 1
}

async function checkConfig(process: Process, path: string): Promise<number> {
  await process.print(`Checking ${path}\n`)
  const failed = async (message: string) => {
    await process.printError(`  FAILED: ${message}\n\n`)
    return 1
  }
  let config: ServerConfig
  try {
    config = parseConfig(process.files.readText(path))
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return failed(`parsing YAML file ${path}: ${error.message}`)
  }
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) || '/' : ''
  for (const pattern of config.ruleFiles)
    if (!/[*?[]/.test(pattern) && ruleFilePaths(process.files, [pattern], folder).length === 0)
      return failed(`${JSON.stringify(pattern)} does not point to an existing file`)
  const rules = ruleFilePaths(process.files, config.ruleFiles, folder)
  const found = rules.length > 0 ? `  SUCCESS: ${rules.length} rule files found\n` : ''
  await process.print(`${found} SUCCESS: ${path} is valid prometheus config file syntax\n\n`)
  let bad = 0
  for (const file of rules) bad += await checkRules(process, file, '     ')
  return bad
}

async function checkRules(process: Process, path: string, indent: string): Promise<number> {
  await process.print(`Checking ${path}\n`)
  try {
    const groups = parseRuleFile(process.files.readText(path), path)
    const count = groups.reduce((sum, group) => sum + group.rules.length, 0)
    await process.print(`  SUCCESS: ${count} rules found\n\n`)
    return 0
  } catch (error) {
    await process.printError(`  FAILED:\n${indent}${(error as Error).message}\n\n`)
    return 1
  }
}

async function queryInstant(process: Process, server: string, query: string): Promise<number> {
  const url = `${server.replace(/\/$/, '')}/api/v1/query`
  try {
    const target = `${url}?query=${encodeURIComponent(query)}`
    const { text } = await new HttpAgent(process, 'promtool').fetch(target)
    const { status, error, data } = JSON.parse(text)
    if (status !== 'success') {
      await process.printError(`query error: ${error}\n`)
      return 1
    }
    if (data.resultType === 'scalar' || data.resultType === 'string')
      await process.print(`${data.resultType}: ${data.result[1]} @[${data.result[0]}]\n`)
    else
      for (const { metric, value } of data.result)
        await process.print(`${series(metric)} => ${value[1]} @[${value[0]}]\n`)
    return 0
  } catch (error) {
    if (!(error instanceof FetchError) && !(error instanceof SyntaxError)) throw error
    await process.printError(`query error: Post ${JSON.stringify(url)}: ${error.message}\n`)
    return 1
  }
}

function series(metric: Record<string, string>): string {
  const { __name__: name = '', ...labels } = metric
  const inner = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return `${name}{${inner.join(', ')}}`
}

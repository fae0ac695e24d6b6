import type { Process } from '../../linux/process.ts'
import { makeHistogram } from '../exposition/exposition.ts'
import { HttpAgent } from '../http/agent.ts'
import { Notifier } from './alerting/notifier.ts'
import { ConfigError, parseConfig, type ServerConfig } from './config/config.ts'
import { Discovery } from './discovery/discovery.ts'
import { logfmt } from './log.ts'
import type { ServerOptions } from './options.ts'
import type { EvaluationOptions } from './promql/evaluate.ts'
import { RuleManager } from './rules/manager.ts'
import { parseRuleFile, type RuleGroupSource, ruleFilePaths } from './rules/rule-file.ts'
import { ScrapeManager } from './scrape/manager.ts'
import { Head } from './storage/head.ts'

/** Samples that one server keeps in memory at most, whatever its retention says. */
const SAMPLES = 3_000_000
export const VERSION = '2.32.1'

/** Prometheus: its store, what fills it and what reads it. */
export class PrometheusServer {
  readonly process: Process
  readonly options: ServerOptions
  readonly head: Head
  readonly scraping: ScrapeManager
  readonly rules: RuleManager
  readonly notifier: Notifier
  readonly discovery: Discovery
  readonly started: number
  readonly requests = new Map<string, number>()
  readonly queryDurations = makeHistogram([0.1, 0.2, 0.4, 1, 3, 8, 20, 60, 120])
  config: ServerConfig
  ready = false
  reloadSucceeded = true
  reloadedAt = 0

  constructor(process: Process, options: ServerOptions, fault: (error: unknown) => void) {
    this.process = process
    this.options = options
    this.started = process.wallClock()
    this.head = new Head({ retention: options.retention, samples: SAMPLES })
    const agent = new HttpAgent(process, `Prometheus/${VERSION}`)
    this.discovery = new Discovery(process, fault)
    this.notifier = new Notifier(process, agent, this.discovery, fault)
    this.scraping = new ScrapeManager(process, agent, this.head, this.discovery, fault)
    this.rules = new RuleManager(
      process,
      () => ({ head: this.head, options: this.evaluation, externalLabels: this.config.externalLabels }),
      (alerts, query) => this.notifier.notify(alerts, query),
      fault,
    )
    this.config = parseConfig('')
  }

  get evaluation(): EvaluationOptions {
    return { lookback: this.options.lookback, interval: this.config.evaluationInterval }
  }

  /** Reads the configuration and the rule files. Throws an Error with Prometheus' words; then the old ones stay. */
  load(): void {
    const { configFile } = this.options
    const { files } = this.process
    logfmt(this.process, 'main.go:1017', 'info', { msg: 'Loading configuration file', filename: configFile })
    try {
      let text: string
      try {
        text = files.readText(configFile)
      } catch {
        throw new Error(
          `couldn't load configuration (--config.file=${JSON.stringify(configFile)}): open ${configFile}: no such file or directory`,
        )
      }
      let config: ServerConfig
      try {
        config = parseConfig(text)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        throw new Error(
          `couldn't load configuration (--config.file=${JSON.stringify(configFile)}): parsing YAML file ${configFile}: ${error.message}`,
        )
      }
      const groups = this.#ruleGroups(config, configFile.slice(0, configFile.lastIndexOf('/')) || '.')
      this.config = config
      this.notifier.configs = config.alertmanagers
      this.notifier.relabelRules = config.alertRelabel
      this.notifier.externalLabels = config.externalLabels
      this.notifier.externalUrl = this.externalUrl
      this.scraping.apply(config.scrapes)
      this.rules.apply(groups, config.evaluationInterval)
      this.reloadSucceeded = true
      this.reloadedAt = this.process.wallClock()
      logfmt(this.process, 'main.go:1054', 'info', {
        msg: 'Completed loading of configuration file',
        filename: configFile,
        totalDuration: '2.417109ms',
      })
    } catch (error) {
      this.reloadSucceeded = false
      throw error
    }
  }

  get externalUrl(): string {
    const host = this.process.files.readText('/proc/sys/kernel/hostname').trim()
    return (this.options.externalUrl ?? `http://${host}:${this.options.port}`).replace(/\/$/, '')
  }

  #ruleGroups(config: ServerConfig, folder: string): RuleGroupSource[] {
    const { files } = this.process
    return ruleFilePaths(files, config.ruleFiles, folder).flatMap((file) => parseRuleFile(files.readText(file), file))
  }
}

import type { AwkFiles } from './files.ts'
import { fileReader } from './files.ts'
import type { AwkArray, AwkHost, AwkState } from './state.ts'
import { RecordReader } from './streams.ts'
import { toNumber, toText, type Value } from './value.ts'

/** The records of the operands, one file after the other; of standard input when there is no file among them. */
export class AwkInput {
  readonly #host: AwkHost
  readonly #state: AwkState
  readonly #files: AwkFiles
  #reader: RecordReader | undefined
  #operand = 0
  #anyFile = false

  constructor(host: AwkHost, state: AwkState, files: AwkFiles) {
    this.#host = host
    this.#state = state
    this.#files = files
  }

  /** Makes the next record the current one. False at the end. */
  async next(): Promise<boolean> {
    for (;;) {
      if (!this.#reader && !(await this.#openNext())) return false
      const text = await this.#reader!.next(this.#state.text('RS'))
      if (text === undefined) {
        await this.#reader!.close()
        this.#reader = undefined
        continue
      }
      this.#state.bump('NR')
      this.#state.bump('FNR')
      this.#state.setRecord(text)
      return true
    }
  }

  /** `nextfile` */
  skipFile(): void {
    this.#reader = undefined
  }

  async #openNext(): Promise<boolean> {
    const { process } = this.#host
    const state = this.#state
    for (;;) {
      this.#operand++
      if (this.#operand >= toNumber(state.global('ARGC') as Value)) {
        if (this.#anyFile) return false
        this.#anyFile = true
        this.#reader = new RecordReader(
          () => process.stdin.read(65_536),
          async () => {},
        )
        return true
      }
      const entry = (state.global('ARGV') as AwkArray).get(String(this.#operand))
      const operand = entry === undefined ? '' : toText(entry)
      if (operand === '') continue
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand)
      if (assignment) {
        state.setVariable(assignment[1]!, assignment[2]!)
        continue
      }
      this.#anyFile = true
      state.setGlobal('FILENAME', operand === '-' ? '' : operand)
      state.setGlobal('FNR', 0)
      try {
        this.#reader = fileReader(process, operand)
        return true
      } catch (error) {
        await this.#files.stdout.flush()
        await this.#host.complain(`${operand}: ${(error as Error).message}`)
        state.status = 2
      }
    }
  }
}

import type { World } from '../../sim/world/api.ts'
import type { Chapter, LocalPage } from '../course.ts'
import type { RunBlock } from '../lesson/page.ts'
import type { Problem } from '../problem.ts'
import { beginWorld } from '../session/begin-world.ts'
import { performPage } from '../session/perform-page.ts'
import { worldOf } from '../session/steps.ts'
import type { WorldSource } from '../session/study-session.ts'
import type { ProofStep } from './course.ts'
import { sameOutput } from './same-output.ts'

/** Types every command of a chapter's pages, in order, and compares what the pages show with what was printed. */
export async function* provePages(
  chapter: Chapter,
  worlds: WorldSource,
  wanted: (file: string) => boolean,
): AsyncGenerator<ProofStep> {
  let world: World | undefined
  let key = ''
  for (const page of chapter.pages) {
    const home = worldOf({ type: 'page', id: page.id, chapter, page })
    // Pages after the last wanted one need not be run; those before it may have made what it needs.
    if (
      !chapter.pages.slice(chapter.pages.indexOf(page)).some((later) => wanted(later.en.file) || wanted(later.zh.file))
    )
      return
    if (!world || home.key !== key) {
      world = (await beginWorld(worlds, home.start, 1)).world
      key = home.key
      await world.run({ until: world.now + 1000 })
    }
    yield { name: `page ${page.id}`, problems: await provePage(page, world) }
  }
}

async function provePage(page: LocalPage, world: World): Promise<Problem[]> {
  const problems: Problem[] = []
  const zhRuns = page.zh.blocks.filter((block) => block.type === 'run')
  let run = 0
  await performPage(page, world, (block, output) => {
    for (const [file, shown] of [
      [page.en.file, block],
      [page.zh.file, zhRuns[run]],
    ] as const) {
      const problem = shown && compare(file, shown, output)
      if (problem) problems.push(problem)
    }
    run++
  })
  return problems
}

function compare(file: string, block: RunBlock, output: { text: string; ended: boolean }): Problem | undefined {
  if (/command not found|not simulated/.test(output.text) && !block.output) {
    return { file, line: block.line, message: `"${block.script}" printed:`, fix: output.text.trim() }
  }
  if (block.output === undefined || sameOutput(block.output, output.text)) return undefined
  const indent = (text: string) => text.trimEnd().replace(/^/gm, '      ')
  return {
    file,
    line: block.line,
    message: `the output of "${block.script.split('\n')[0]}" is not what the page shows`,
    fix: `shown:\n${indent(block.output)}\n    printed:\n${indent(output.text)}`,
  }
}

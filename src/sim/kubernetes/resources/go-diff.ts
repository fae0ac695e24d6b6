import { structuredPatch } from 'diff'

/** The unified difference of two values printed as JSON, indented by one space: without file names, as servers add it to errors. */
export function goDiff(before: unknown, after: unknown): string {
  const text = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`
  const patch = structuredPatch('', '', text(before), text(after), '', '', { context: 3 })
  let out = ''
  for (const hunk of patch.hunks) {
    out += `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@\n`
    for (const line of hunk.lines) out += `${line}\n`
  }
  return out
}

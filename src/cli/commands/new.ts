import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { templates } from '../../course/templates.ts'
import { type CliCommand, UsageError } from '../command.ts'

export const newFile: CliCommand = {
  usage: 'new chapter NN-NAME | page NN-CHAPTER NN-PAGE | lab NN-CHAPTER NAME',
  summary: 'first versions of the files of a chapter, page or lab (for instructors)',
  help: 'Files are made in the course folder (--course DIR, or this one). Nothing is overwritten.',
  operands: [2, 3],
  async run({ operands }, context) {
    const [what = '', ...names] = operands
    const template = templates[what]
    if (!template || names.length !== template.names.length) throw new UsageError(`usage: kubebook ${newFile.usage}`)
    for (const [i, name] of names.entries()) {
      if (!template.names[i]!.test(name))
        throw new UsageError(
          `"${name}" is no such name: two digits for chapters and pages (04-config), lower-case letters, digits, hyphens`,
        )
    }
    const folder = context.options.course ?? process.cwd()
    const files = template.files(...names)
    for (const path of Object.keys(files))
      if (existsSync(join(folder, path))) throw new UsageError(`${path} exists already`)
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
      context.print(path)
    }
    return 0
  },
}

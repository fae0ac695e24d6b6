import type { Course } from '../../course/course.ts'
import { pointsOf } from '../../course/lab.ts'
import type { CliCommand } from '../command.ts'
import type { CliContext } from '../context.ts'

export const list: CliCommand = {
  usage: 'list [--json]',
  summary: 'chapters, pages, labs, progress',
  options: { json: { type: 'boolean' } },
  operands: [0, 0],
  async run({ values }, context) {
    const data = contents(context, await context.course())
    if (values.json) context.print(JSON.stringify(data, null, 2))
    else context.print(contentsText(data))
    return 0
  },
}

function contents(context: CliContext, course: Course) {
  const { language } = context
  const progress = context.progress.value
  const chapters = course.chapters.map((chapter) => ({
    id: chapter.id,
    title: chapter.title[language],
    pages: chapter.pages.map((page) => ({ id: page.id, title: page[language].title, done: page.id in progress.pages })),
    labs: chapter.labs.map((lab) => ({
      id: lab.id,
      title: lab.title[language],
      points: pointsOf(lab),
      score: progress.labs[lab.id]?.points ?? 0,
    })),
  }))
  return { chapters }
}

function contentsText({ chapters }: ReturnType<typeof contents>): string {
  return chapters
    .map(({ id, title, pages, labs }) => {
      const lines = [
        ...pages.map((page) => `  ${page.done ? '✓' : '○'} ${page.title}  (${page.id})`),
        ...labs.map(
          (lab) => `  ${lab.score === lab.points ? '✓' : '○'} ${lab.title}  (${lab.id}, ${lab.score}/${lab.points})`,
        ),
      ]
      return `${Number.parseInt(id, 10)}  ${title}\n${lines.join('\n')}`
    })
    .join('\n\n')
}

/** The contents as text, for where there is no terminal. */
export async function printContents(context: CliContext): Promise<void> {
  context.print(contentsText(contents(context, await context.course())))
}

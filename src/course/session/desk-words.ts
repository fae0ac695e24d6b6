import type { Language } from '../language.ts'

const en = {
  noLab: 'This page has nothing to check. `next` goes on; a lab follows soon.',
  noHint: 'There are no hints.',
  hint: 'Hint',
  again: '(again)',
  nothingToUndo: 'There is nothing to undo.',
  goOn: '`next` goes on.',
  end: 'This was the last page. The book ends here.',
}

const zh: typeof en = {
  noLab: '这一页没有要检查的内容。输入 next 继续，后面会有实验。',
  noHint: '没有提示。',
  hint: '提示',
  again: '（再看一次）',
  nothingToUndo: '没有可以撤销的操作。',
  goOn: '输入 next 继续。',
  end: '这是最后一页，全书到此结束。',
}

/** What the book says at the terminal. */
export const deskWords: Record<Language, typeof en> = { en, zh }

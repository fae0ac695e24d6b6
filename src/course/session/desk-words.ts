import type { Language } from '../language.ts'

const en = {
  noLab: 'This page has nothing to check. `next` goes on; a lab follows soon.',
  noHint: 'There are no hints.',
  hint: 'Hint',
  again: '(again)',
  nothingToUndo: 'There is nothing to undo.',
  goOn: '`next` goes on.',
  examHandIn: 'check hands your exam in, and then it is over. Type it once more if you mean it. Time left:',
  examReset: 'reset gives this attempt up and begins another exam. Type it once more if you mean it. Time left:',
  examNoHelp: 'Not in an exam. Hints and solutions open when it is over. Time left:',
  examNoUndo: 'Time cannot be turned back in an exam. Time left:',
  examTimeUp: 'The time is up.',
  examAgain: 'reset begins another exam, with other names and numbers.',
  end: 'This was the last page. The book ends here.',
}

const zh: typeof en = {
  noLab: '这一页没有要检查的内容。输入 next 继续，后面会有实验。',
  noHint: '没有提示。',
  hint: '提示',
  again: '（再看一次）',
  nothingToUndo: '没有可以撤销的操作。',
  goOn: '输入 next 继续。',
  examHandIn: 'check 就是交卷，交卷后考试结束。确定的话，再输入一次。剩余时间：',
  examReset: 'reset 会放弃这次考试，另开一场。确定的话，再输入一次。剩余时间：',
  examNoHelp: '考试中不行。考完之后，提示和答案都会开放。剩余时间：',
  examNoUndo: '考试中不能把时间倒回去。剩余时间：',
  examTimeUp: '时间到。',
  examAgain: '输入 reset 再考一场，名字和数字会不一样。',
  end: '这是最后一页，全书到此结束。',
}

/** What the book says at the terminal. */
export const deskWords: Record<Language, typeof en> = { en, zh }

/** SGR parameters by meaning. One accent; other colours only for states. */
export const theme = {
  accent: '36',
  strong: '1',
  dim: '2',
  code: '36',
  good: '32',
  wait: '33',
  bad: '31',
  selected: '7',
  title: '1',
} as const

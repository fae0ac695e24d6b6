import { expect, test } from 'vitest'
import { termMarker, termsIn } from './terms.ts'

test('a term is underlined where it stands first, in any number and case, and never inside a word or in code', () => {
  const mark = termMarker(['Pod', 'node', '控制器'])
  const lines = mark([
    [{ text: 'PodSpec, Pods and a pod on nodes' }],
    [{ text: 'node', sgr: '36' }],
    [{ text: '由控制器管' }],
  ])
  expect(lines.flat().filter(({ sgr }) => sgr === '4')).toEqual([
    { text: 'Pods', sgr: '4' },
    { text: 'nodes', sgr: '4' },
    { text: '控制器', sgr: '4' },
  ])
  expect(lines[0]!.map(({ text }) => text).join('')).toBe('PodSpec, Pods and a pod on nodes')
})

test('the terms of a page come in the order in which they stand there', () => {
  expect(termsIn([[{ text: 'a node' }], [{ text: 'runs Pods' }]], ['Pod', 'node', 'Job'])).toEqual(['node', 'Pod'])
})

test('a word with several meanings stands for the first of them', () => {
  expect(termsIn([[{ text: 'in namespaces of its own' }]], ['namespace (Linux)', 'namespace'])).toEqual([
    'namespace (Linux)',
  ])
  expect(termsIn([[{ text: '进入命名空间' }]], ['命名空间', '命名空间（Linux）'])).toEqual(['命名空间'])
})

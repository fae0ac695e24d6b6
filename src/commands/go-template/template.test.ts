import { describe, expect, it } from 'vitest'
import { DOCKER_FUNCTIONS } from './functions.ts'
import { Template, TemplateExecutionError } from './template.ts'
import { GoStruct } from './value.ts'

const run = (source: string, data: unknown, missingKey?: 'error') =>
  new Template(source, { functions: DOCKER_FUNCTIONS, missingKey }).execute(data)

describe('Go templates', () => {
  it.each([
    ['{{.a}}', { a: 1 }, '1'],
    ['{{ .a.b }}!', { a: { b: 'x' } }, 'x!'],
    ['{{.nope}}', {}, '<no value>'],
    ['{{.nope.deeper}}', {}, '<no value>'],
    ['{{range .l}}{{println .}}{{end}}', { l: ['a', 'b'] }, 'a\nb\n'],
    ['{{range $k, $v := .m}}{{$k}}={{$v}};{{end}}', { m: { b: 2, a: 1 } }, 'a=1;b=2;'],
    ['{{range .l}}x{{else}}none{{end}}', { l: [] }, 'none'],
    ['{{if eq .a "x"}}yes{{else if eq .a "y"}}why{{else}}no{{end}}', { a: 'y' }, 'why'],
    ['{{index .l 1}} {{len .l}} {{.l}}', { l: ['a', 'b'] }, 'b 2 [a b]'],
    ['{{(index (index .p "80/tcp") 0).HostPort}}', { p: { '80/tcp': [{ HostPort: '8080' }] } }, '8080'],
    ['{{json .}}', { b: [1], a: null }, '{"a":null,"b":[1]}'],
    ['{{printf "%-5s|%03d" .a .n}}', { a: 'x', n: 7 }, 'x    |007'],
    ['{{with $x := .a}}{{$x}}{{end}}', { a: 3 }, '3'],
    ['a {{- /* gone */ -}} b', {}, 'ab'],
    ['{{- .a -}} \n b', { a: 1 }, '1b'],
    ['{{join .l ","}}{{.m}}', { l: ['a', 'b'], m: { x: 1 } }, 'a,bmap[x:1]'],
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" .a}}', { a: 1 }, '<1>'],
    ['{{range .l}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}', { l: [1, 2, 3] }, '1'],
    ['{{.a | printf "%s-%s" "x" | upper}}', { a: 'b' }, 'X-B'],
    ['{{and .a .b}} {{or .a .b}} {{not .a}}', { a: 0, b: 'x' }, '0 x true'],
  ])('%s', (source, data, expected) => {
    expect(run(source, data)).toBe(expected)
  })

  it('prints a struct as Go does', () => {
    expect(run('{{.P}}', new GoStruct('T', { P: new GoStruct('R', { Name: 'no', Count: 0 }) }))).toBe('{no 0}')
  })

  it.each([
    ['{{.State.', 'template: :1: unexpected "." in operand'],
    ['{{nofunc .Id}}', 'template: :1: function "nofunc" not defined'],
    ['{{.a', 'template: :1: unclosed action'],
    ['{{if .a}}', 'template: :1: unexpected EOF'],
    ['{{}}', 'template: :1: missing value for command'],
    ['{{$x}}', 'template: :1: undefined variable "$x"'],
  ])('refuses %s', (source, message) => {
    expect(() => run(source, {})).toThrow(message)
  })

  it('says where execution failed', () => {
    expect(() => run('{{.State.Nope}}', { State: {} }, 'error')).toThrow(
      'template: :1:8: executing "" at <.State.Nope>: map has no entry for key "Nope"',
    )
    expect(() => run('x{{.a.b}}', { a: 'text' })).toThrow(TemplateExecutionError)
  })
})

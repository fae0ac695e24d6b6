import { expect, test } from 'vitest'
import { ScriptTyper } from './script-typer.ts'

test('a script begun while another one is being typed waits for its end; a new terminal forgets both', () => {
  const typed: string[] = []
  const typer = new ScriptTyper((text) => typed.push(text))
  const prompt = () => typer.saw('\nlearner@laptop:~$ ')
  typer.start('sleep 60\ngreet() { echo hello; }')
  typer.start('greet')
  expect(typed).toEqual(['sleep 60\r'])
  prompt()
  prompt()
  expect(typed).toEqual(['sleep 60\r', 'greet() { echo hello; }\r', 'greet\r'])
  typer.start('one\ntwo')
  typer.forget()
  prompt()
  expect(typed.at(-1)).toBe('one\r')
})

test('types the next line when the prompt is back, not while a line that goes on below is shown', () => {
  const typed: string[] = []
  const typer = new ScriptTyper((text) => typed.push(text))
  typer.start('cat a \\\n> b\ndiff a b')
  typer.saw('~$ cat a \\\r\n')
  typer.saw('> ')
  expect(typed).toEqual(['cat a \\\r', '> b\r'])
  typer.saw('> b\r\n~$ sed long \n long > ')
  expect(typed).toHaveLength(2)
  typer.saw('b\r\n~$ ')
  expect(typed.at(-1)).toBe('diff a b\r')
})

import type { ModuleDefinition } from './module.ts'

export const textwrap: ModuleDefinition = {
  source: `
def wrap(text, width=70, initial_indent='', subsequent_indent=''):
    lines, current = [], initial_indent
    empty = True
    for word in text.split():
        if not empty and len(current) + 1 + len(word) > width:
            lines.append(current)
            current, empty = subsequent_indent, True
        current += word if empty else ' ' + word
        empty = False
    if not empty:
        lines.append(current)
    return lines

def fill(text, width=70, **options):
    return '\\n'.join(wrap(text, width, **options))

def shorten(text, width, placeholder=' [...]'):
    text = ' '.join(text.split())
    if len(text) <= width:
        return text
    words = []
    for word in text.split():
        if len(' '.join(words + [word])) + len(placeholder) > width:
            break
        words.append(word)
    return ' '.join(words) + placeholder

def dedent(text):
    lines = text.split('\\n')
    margins = [len(l) - len(l.lstrip()) for l in lines if l.strip()]
    margin = min(margins) if margins else 0
    return '\\n'.join(l[margin:] if l.strip() else '' for l in lines)

def indent(text, prefix, predicate=None):
    return ''.join((prefix + l if (predicate(l) if predicate else l.strip()) else l) for l in text.splitlines(True))
`,
}

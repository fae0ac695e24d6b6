import type { ModuleDefinition } from './module.ts'

export const flaskTemplates: ModuleDefinition = {
  distribution: 'flask',
  source: `
import re

_FILTERS = {
    'upper': lambda v: str(v).upper(), 'lower': lambda v: str(v).lower(), 'title': lambda v: str(v).title(), 'capitalize': lambda v: str(v).capitalize(),
    'length': len, 'count': len, 'join': lambda v, sep='': sep.join(str(x) for x in v), 'default': lambda v, other='': other if v is None or isinstance(v, _Undefined) else v,
    'trim': lambda v: str(v).strip(), 'int': lambda v: int(v), 'sort': sorted, 'reverse': lambda v: list(reversed(v)), 'first': lambda v: v[0], 'last': lambda v: v[-1], 'round': round, 'sum': sum, 'list': list,
}

def __import_json():
    import json
    return json

class _Undefined:
    def __str__(self):
        return ''
    def __bool__(self):
        return False
    def __iter__(self):
        return iter(())
    def __getattr__(self, name):
        return self

class _Names(dict):
    pass

def _text(value, escape):
    if value is None:
        return 'None'
    text = str(value)
    if escape and not isinstance(value, _Marked):
        text = text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace("'", '&#39;').replace('"', '&#34;')
    return text

class _Marked:
    def __init__(self, text):
        self.text = text
    def __str__(self):
        return self.text

_FILTERS['safe'] = lambda v: _Marked(str(v))
_FILTERS['e'] = _FILTERS['escape'] = lambda v: _Marked(_text(v, True))
_FILTERS['tojson'] = lambda v: _Marked(__import_json().dumps(v))

class _Loop:
    pass

def _split(text, mark):
    parts, depth, quote, start = [], 0, '', 0
    for i, c in enumerate(text):
        if quote:
            if c == quote:
                quote = ''
        elif c in '"\\'':
            quote = c
        elif c in '([{':
            depth += 1
        elif c in ')]}':
            depth -= 1
        elif c == mark and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    return parts

class _Item:
    def __init__(self, value):
        self._value = value

def _evaluate(expression, names):
    first, *filters = _split(expression, '|')
    value = _plain(first.strip(), names)
    for each in filters:
        m = re.match(r'^\\s*(\\w+)\\s*(?:\\((.*)\\))?\\s*$', each)
        if not m or m.group(1) not in _FILTERS:
            raise NotImplementedError('not simulated: the template filter %s' % each.strip())
        arguments = _plain('(' + m.group(2) + ',)', names) if m.group(2) else ()
        value = _FILTERS[m.group(1)](value, *arguments)
    return value

def _plain(expression, names):
    source = re.sub(r'\\bis defined\\b', 'is not None', expression).replace('is not not None', 'is None')
    scope = {key: _wrap(value) for key, value in names.items()}
    for name in re.findall(r'[A-Za-z_]\\w*', re.sub(r'"[^"]*"|\\'[^\\']*\\'', '', source)):
        if name not in scope and name not in ('and', 'or', 'not', 'in', 'is', 'if', 'else', 'None', 'True', 'False', 'range', 'len', 'dict', 'true', 'false'):
            scope.setdefault(name, _Undefined())
    scope['true'], scope['false'] = True, False
    return _unwrap(eval(source, scope))

class _Attributes(dict):
    def __getattr__(self, name):
        if name in self:
            return _wrap(self[name])
        raise AttributeError(name)

def _wrap(value):
    if type(value) is dict:
        made = _Attributes()
        made.update({k: _wrap(v) for k, v in value.items()})
        return made
    if type(value) is list:
        return [_wrap(v) for v in value]
    return value

def _unwrap(value):
    return value

def _parse(tokens, at, ends):
    nodes = []
    while at < len(tokens):
        token = tokens[at]
        if token.startswith('{%'):
            body = token[2:-2].strip('-').strip()
            word = body.split()[0]
            if word in ends:
                return nodes, at, body
            if word == 'for':
                inner, at, ended = _parse(tokens, at + 1, ('endfor', 'else'))
                otherwise = []
                if ended == 'else':
                    otherwise, at, ended = _parse(tokens, at + 1, ('endfor',))
                nodes.append(('for', body, inner, otherwise))
            elif word == 'if':
                branches = []
                test = body[2:]
                while True:
                    inner, at, ended = _parse(tokens, at + 1, ('elif', 'else', 'endif'))
                    branches.append((test, inner))
                    if ended.startswith('elif'):
                        test = ended[4:]
                    elif ended == 'else':
                        test = 'True'
                    else:
                        break
                nodes.append(('if', branches))
            elif word == 'set':
                nodes.append(('set', body[3:]))
            else:
                raise NotImplementedError('not simulated: the template tag %s' % word)
        elif token.startswith('{{'):
            nodes.append(('value', token[2:-2].strip('-')))
        elif not token.startswith('{#'):
            nodes.append(('text', token))
        at += 1
    return nodes, at, ''

def _run(nodes, names, escape):
    out = []
    for node in nodes:
        kind = node[0]
        if kind == 'text':
            out.append(node[1])
        elif kind == 'value':
            out.append(_text(_evaluate(node[1], names), escape))
        elif kind == 'set':
            name, _, expression = node[1].partition('=')
            names[name.strip()] = _evaluate(expression, names)
        elif kind == 'if':
            for test, inner in node[1]:
                if _evaluate(test, names):
                    out.append(_run(inner, names, escape))
                    break
        else:
            m = re.match(r'^for\\s+(.+?)\\s+in\\s+(.+)$', node[1])
            targets = [t.strip() for t in m.group(1).split(',')]
            values = list(_evaluate(m.group(2), names))
            for i, value in enumerate(values):
                loop = _Loop()
                loop.index, loop.index0, loop.first, loop.last, loop.length = i + 1, i, i == 0, i == len(values) - 1, len(values)
                scope = dict(names)
                scope['loop'] = loop
                scope.update(zip(targets, value) if len(targets) > 1 else [(targets[0], value)])
                out.append(_run(node[2], scope, escape))
            if not values:
                out.append(_run(node[3], names, escape))
    return ''.join(out)

def render(source, names, escape=True):
    source = re.sub(r'(\\{%[^%]*%\\})\\n', r'\\1', source)
    tokens = [t for t in re.split(r'(\\{\\{.*?\\}\\}|\\{%.*?%\\}|\\{#.*?#\\})', source) if t]
    nodes, _, _ = _parse(tokens, 0, ())
    text = _run(nodes, dict(names), escape)
    return text[:-1] if text.endswith('\\n') and source.endswith('\\n') else text
`,
}

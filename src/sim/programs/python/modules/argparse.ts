import type { ModuleDefinition } from './module.ts'

export const argparse: ModuleDefinition = {
  cost: 5,
  source: `
import os, sys

SUPPRESS = '==SUPPRESS=='
REMAINDER, OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE = '...', '?', '*', '+'

class ArgumentError(Exception):
    pass
class ArgumentTypeError(Exception):
    pass

class HelpFormatter:
    pass
class RawDescriptionHelpFormatter(HelpFormatter):
    pass
class RawTextHelpFormatter(HelpFormatter):
    pass
class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass

class Namespace:
    def __init__(self, **values):
        for key, value in values.items():
            setattr(self, key, value)
    def __repr__(self):
        return 'Namespace(' + ', '.join('%s=%r' % item for item in vars(self).items()) + ')'
    def __eq__(self, other):
        return vars(self) == vars(other)
    def __contains__(self, key):
        return hasattr(self, key)

class Action:
    pass

class _Argument:
    def __init__(self, names, action='store', nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None, dest=None, version=None):
        self.names = names
        self.action = action
        self.positional = not names[0].startswith('-')
        self.dest = dest or (names[0] if self.positional else next((n for n in names if n.startswith('--')), names[0]).lstrip('-').replace('-', '_'))
        self.nargs, self.const, self.default, self.type, self.choices, self.required, self.help, self.metavar, self.version = nargs, const, default, type, choices, required, help, metavar, version
        if action == 'store_true':
            self.default = False if default is None else default
        elif action == 'store_false':
            self.default = True if default is None else default
        self.takes = action in ('store', 'append', 'extend')
    def shown(self):
        if self.metavar is not None:
            return self.metavar
        if self.choices is not None:
            return '{' + ','.join(str(c) for c in self.choices) + '}'
        return self.dest if self.positional else self.dest.upper()
    def values(self):
        name = self.shown()
        if self.nargs is None:
            return name
        if self.nargs == '?':
            return '[%s]' % name
        if self.nargs == '*':
            return '[%s ...]' % name
        if self.nargs == '+':
            return '%s [%s ...]' % (name, name)
        return '...' if self.nargs == '...' else ' '.join([name] * self.nargs)
    def called(self):
        return '/'.join(self.names) if not self.positional else self.shown()

class _Group:
    def __init__(self, parser, title=None, exclusive=False, required=False):
        self._parser = parser
        self.title = title
        self.exclusive = exclusive
        self.required = required
        self.members = []
    def add_argument(self, *names, **options):
        made = self._parser._add(names, options, self)
        self.members.append(made)
        return made

class _Subparsers:
    def __init__(self, parser, dest, required, options):
        self.parser, self.dest, self.required, self.options = parser, dest, required, options
        self.choices = {}
        self.helps = {}
    def add_parser(self, name, **options):
        self.helps[name] = options.pop('help', None)
        made = ArgumentParser(prog='%s %s' % (self.parser.prog, name), **options)
        self.choices[name] = made
        return made

class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars='-', fromfile_prefix_chars=None, argument_default=None, conflict_handler='error', add_help=True, allow_abbrev=True, exit_on_error=True):
        self.prog = prog or os.path.basename(sys.argv[0])
        self.usage, self.description, self.epilog, self.formatter_class = usage, description, epilog, formatter_class
        self._arguments = []
        self._groups = []
        self._sub = None
        self._defaults = {}
        if add_help:
            self.add_argument('-h', '--help', action='help', help='show this help message and exit')
        for parent in parents:
            self._arguments += [a for a in parent._arguments if a.action != 'help']
    def _add(self, names, options, group=None):
        made = _Argument(names, **options)
        made.group = group
        self._arguments.append(made)
        return made
    def add_argument(self, *names, **options):
        return self._add(names, options)
    def add_argument_group(self, title=None, description=None):
        self._groups.append(_Group(self, title))
        return self._groups[-1]
    def add_mutually_exclusive_group(self, required=False):
        self._groups.append(_Group(self, None, True, required))
        return self._groups[-1]
    def add_subparsers(self, dest=None, required=False, **options):
        self._sub = _Subparsers(self, dest, required, options)
        return self._sub
    def set_defaults(self, **values):
        self._defaults.update(values)
    def format_usage(self):
        if self.usage:
            return 'usage: %s\\n' % self.usage
        words = []
        for a in self._arguments:
            if a.positional or a.help == SUPPRESS:
                continue
            word = a.names[0] + (' ' + a.values() if a.takes else '')
            words.append(word if a.required else '[%s]' % word)
        words += [a.values() for a in self._arguments if a.positional]
        if self._sub:
            words.append('{%s} ...' % ','.join(self._sub.choices))
        line = 'usage: ' + ' '.join([self.prog] + words)
        if len(line) <= 78:
            return line + '\\n'
        indent = ' ' * len('usage: %s ' % self.prog)
        lines, current = [], 'usage: ' + self.prog
        for word in words:
            if len(current) + 1 + len(word) > 78:
                lines.append(current)
                current = indent + word
            else:
                current += ' ' + word
        return '\\n'.join(lines + [current]) + '\\n'
    def format_help(self):
        text = self.format_usage()
        if self.description:
            text += '\\n%s\\n' % self.description
        def section(title, rows):
            out = '\\n%s:\\n' % title
            width = min(24, max([len(name) for name, _ in rows], default=0) + 4)
            for name, note in rows:
                name = '  ' + name
                if not note:
                    out += name + '\\n'
                elif len(name) <= width - 2:
                    out += name.ljust(width) + note + '\\n'
                else:
                    out += name + '\\n' + ' ' * width + note + '\\n'
            return out
        def note(a):
            text = a.help or ''
            if self.formatter_class is ArgumentDefaultsHelpFormatter and a.default is not None and a.action != 'help' and '%(default)' not in text:
                text += ' (default: %(default)s)'
            return text % {'default': a.default, 'prog': self.prog, 'type': getattr(a.type, '__name__', None), 'choices': a.choices} if '%' in text else text
        rows = [(a.shown(), note(a)) for a in self._arguments if a.positional and not (a.group and a.group.title)]
        if self._sub:
            rows.append(('{%s}' % ','.join(self._sub.choices), self._sub.options.get('help')))
            rows += [('  ' + name, help) for name, help in self._sub.helps.items() if help]
        if rows:
            text += section('positional arguments', rows)
        rows = [(', '.join(n + (' ' + a.values() if a.takes else '') for n in a.names), note(a)) for a in self._arguments if not a.positional and a.help != SUPPRESS and not (a.group and a.group.title)]
        if rows:
            text += section('options', rows)
        for g in self._groups:
            if g.title:
                text += section(g.title, [(a.shown() if a.positional else ', '.join(n + (' ' + a.values() if a.takes else '') for n in a.names), note(a)) for a in g.members])
        if self.epilog:
            text += '\\n%s\\n' % self.epilog
        return text
    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())
    def print_usage(self, file=None):
        (file or sys.stdout).write(self.format_usage())
    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, '%s: error: %s\\n' % (self.prog, message))
    def _convert(self, a, text):
        if a.type is not None:
            try:
                value = a.type(text)
            except ArgumentTypeError as error:
                self.error('argument %s: %s' % (a.called(), error))
            except (ValueError, TypeError):
                self.error('argument %s: invalid %s value: %r' % (a.called(), getattr(a.type, '__name__', repr(a.type)), text))
        else:
            value = text
        if a.choices is not None and value not in a.choices:
            self.error('argument %s: invalid choice: %r (choose from %s)' % (a.called(), value, ', '.join(repr(c) for c in a.choices)))
        return value
    def _store(self, found, a, values):
        if a.nargs is None or a.nargs == '?':
            value = self._convert(a, values[0]) if values else a.const
        else:
            value = [self._convert(a, v) for v in values]
        if a.action in ('append', 'extend'):
            before = list(getattr(found, a.dest, None) or [])
            value = before + (value if a.action == 'extend' else [value])
        setattr(found, a.dest, value)
    def parse_args(self, args=None, namespace=None):
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error('unrecognized arguments: ' + ' '.join(rest))
        return found
    def parse_known_args(self, args=None, namespace=None):
        words = list(sys.argv[1:] if args is None else args)
        found = namespace or Namespace()
        for a in self._arguments:
            if a.action not in ('help', 'version') and not hasattr(found, a.dest):
                default = a.default
                if isinstance(default, str) and a.type is not None:
                    default = self._convert(a, default)
                setattr(found, a.dest, default)
        for key, value in self._defaults.items():
            setattr(found, key, value)
        if self._sub and self._sub.dest:
            setattr(found, self._sub.dest, None)
        options = {name: a for a in self._arguments if not a.positional for name in a.names}
        loose, rest, seen = [], [], []
        i = 0
        chosen = None
        while i < len(words):
            word = words[i]
            i += 1
            if word == '--':
                loose += words[i:]
                break
            negative = word[1:].replace('.', '', 1).isdigit()
            if not word.startswith('-') or word == '-' or negative:
                positionals = len([a for a in self._arguments if a.positional])
                if self._sub and len(loose) >= positionals:
                    if word not in self._sub.choices:
                        self.error('argument %s: invalid choice: %r (choose from %s)' % (self._sub.dest or '{%s}' % ','.join(self._sub.choices), word, ', '.join(repr(c) for c in self._sub.choices)))
                    chosen = (word, words[i:])
                    break
                loose.append(word)
                continue
            name, equals, given = word.partition('=')
            a = options.get(name if word.startswith('--') else word)
            if a is None and word.startswith('--'):
                near = [n for n in options if n.startswith(name)]
                if len(near) == 1:
                    a = options[near[0]]
                elif len(near) > 1:
                    self.error('ambiguous option: %s could match %s' % (word, ', '.join(near)))
            if a is None and not word.startswith('--') and word[:2] in options:
                a = options[word[:2]]
                if a.takes:
                    equals, given = '=', word[2:].lstrip('=')
                else:
                    words.insert(i, '-' + word[2:])
            if a is None:
                rest.append(word)
                continue
            if a.group and a.group.exclusive:
                for other in seen:
                    if other is not a and other.group is a.group:
                        self.error('argument %s: not allowed with argument %s' % (a.called(), other.called()))
            seen.append(a)
            if a.action == 'help':
                self.print_help()
                self.exit()
            elif a.action == 'version':
                print(a.version % {'prog': self.prog} if '%' in (a.version or '') else a.version)
                self.exit()
            elif a.action == 'store_true':
                setattr(found, a.dest, True)
            elif a.action == 'store_false':
                setattr(found, a.dest, False)
            elif a.action == 'store_const':
                setattr(found, a.dest, a.const)
            elif a.action == 'count':
                setattr(found, a.dest, (getattr(found, a.dest) or 0) + 1)
            else:
                values = [given] if equals else []
                most = 1 if a.nargs in (None, '?') else a.nargs if isinstance(a.nargs, int) else 10 ** 9
                while not equals and len(values) < most and i < len(words) and (not words[i].startswith('-') or words[i] == '-' or words[i][1:].replace('.', '', 1).isdigit()):
                    values.append(words[i])
                    i += 1
                if not values and a.nargs in (None, '+'):
                    self.error('argument %s: expected %s argument' % (a.called(), 'one' if a.nargs is None else 'at least one'))
                if isinstance(a.nargs, int) and len(values) < a.nargs:
                    self.error('argument %s: expected %d argument%s' % (a.called(), a.nargs, '' if a.nargs == 1 else 's'))
                self._store(found, a, values)
        positionals = [a for a in self._arguments if a.positional]
        missing = []
        for n, a in enumerate(positionals):
            later = sum(1 if p.nargs in (None, '+') else p.nargs if isinstance(p.nargs, int) else 0 for p in positionals[n + 1:])
            spare = max(0, len(loose) - later)
            if a.nargs is None:
                take = 1
            elif a.nargs == '?':
                take = min(1, spare)
            elif isinstance(a.nargs, int):
                take = a.nargs
            else:
                take = spare
            values, loose = loose[:take], loose[take:]
            if len(values) < (1 if a.nargs in (None, '+') else a.nargs if isinstance(a.nargs, int) else 0):
                missing.append(a.shown())
            elif values or a.nargs == '*' and a.default is None:
                self._store(found, a, values)
        missing += [a.called() for a in self._arguments if a.required and a not in seen]
        if self._sub and self._sub.required and chosen is None:
            missing.append(self._sub.dest or '{%s}' % ','.join(self._sub.choices))
        if missing:
            self.error('the following arguments are required: ' + ', '.join(missing))
        for g in self._groups:
            if g.exclusive and g.required and not any(a in seen for a in g.members):
                self.error('one of the arguments %s is required' % ' '.join(a.called() for a in g.members))
        if chosen:
            if self._sub.dest:
                setattr(found, self._sub.dest, chosen[0])
            _, more = self._sub.choices[chosen[0]].parse_known_args(chosen[1], found)
            rest += more
        return found, rest + loose
`,
}

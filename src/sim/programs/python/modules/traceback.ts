import { PyTraceback } from '../builtins/object-methods.ts'
import { functions } from '../objects/native.ts'
import { PyException, type Value } from '../objects/value.ts'
import { formatEntries, formatException, formatOnly } from '../runtime/traceback.ts'
import type { ModuleDefinition } from './module.ts'

export const traceback: ModuleDefinition = {
  names: () =>
    functions({
      '_format(exception)': (vm, exception: Value) =>
        exception instanceof PyException ? formatException(vm, exception) : '',
      '_only(exception)': (vm, exception: Value) => (exception instanceof PyException ? formatOnly(vm, exception) : ''),
      '_entries(tb)': (vm, tb: Value) => (tb instanceof PyTraceback ? formatEntries(vm, tb.entries) : ''),
    }),
  source: `
import sys
def format_exc(limit=None, chain=True):
    current = sys.exception()
    return 'NoneType: None\\n' if current is None else _format(current)

def print_exc(limit=None, file=None, chain=True):
    (file or sys.stderr).write(format_exc())

def format_exception(exc, value=None, tb=None, limit=None, chain=True):
    found = value if value is not None else exc
    return _format(found).splitlines(True)

def print_exception(exc, value=None, tb=None, limit=None, file=None, chain=True):
    (file or sys.stderr).write(''.join(format_exception(exc, value, tb)))

def format_exception_only(exc, value=None):
    return [_only(value if value is not None else exc)]

def print_stack(f=None, limit=None, file=None):
    pass

def format_tb(tb, limit=None):
    return _entries(tb).splitlines(True) if tb is not None else []

def print_tb(tb, limit=None, file=None):
    (file or sys.stderr).write(''.join(format_tb(tb)))

def extract_tb(tb, limit=None):
    return format_tb(tb)
def format_stack(f=None, limit=None):
    return []
`,
}

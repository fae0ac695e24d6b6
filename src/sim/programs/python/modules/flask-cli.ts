import type { ModuleDefinition } from './module.ts'

export const flaskCli: ModuleDefinition = {
  distribution: 'flask',
  source: `
import os
import sys
import flask

def _find(name):
    if name is None:
        name = os.environ.get('FLASK_APP')
    if not name:
        for each in ('wsgi', 'app'):
            if os.path.exists(each + '.py'):
                name = each
                break
        else:
            _usage('run', "Could not locate a Flask application. Use the 'flask --app' option, 'FLASK_APP' environment variable, or a 'wsgi.py' or 'app.py' file in the current directory.")
    module, _, attribute = name.partition(':')
    if module.endswith('.py'):
        module = module[:-3]
    module = module.strip('./').replace('/', '.')
    sys.path.insert(0, os.getcwd())
    try:
        loaded = __import__(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        _usage('run', 'Could not import %r.' % module)
    for part in module.split('.')[1:]:
        loaded = getattr(loaded, part)
    if attribute:
        found = getattr(loaded, attribute.rstrip('()'))
        return (found() if not isinstance(found, flask.Flask) else found), module
    for each in ('app', 'application'):
        if isinstance(getattr(loaded, each, None), flask.Flask):
            return getattr(loaded, each), module
    for each in vars(loaded).values():
        if isinstance(each, flask.Flask):
            return each, module
    for each in ('create_app', 'make_app'):
        if hasattr(loaded, each):
            return getattr(loaded, each)(), module
    _usage('run', "Failed to find Flask application or factory in module %r. Use '%s:name' to specify one." % (module, module))

def _usage(command, message):
    sys.stderr.write("Usage: flask %s [OPTIONS]\\nTry 'flask %s --help' for help.\\n\\nError: %s\\n" % (command, command, message))
    sys.exit(2)

def main(args=None):
    words = list(sys.argv[1:] if args is None else args)
    app = None
    debug = None
    host = os.environ.get('FLASK_RUN_HOST', '127.0.0.1')
    port = int(os.environ.get('FLASK_RUN_PORT', 5000))
    command = None
    while words:
        word = words.pop(0)
        name, equals, value = word.partition('=')
        take = (lambda: value if equals else words.pop(0))
        if name in ('-A', '--app'):
            app = take()
        elif name in ('-h', '--host'):
            host = take()
        elif name in ('-p', '--port'):
            port = int(take())
        elif name == '--debug':
            debug = True
        elif name == '--no-debug':
            debug = False
        elif name == '--version':
            import platform
            print('Python %s\\nFlask %s\\nWerkzeug %s' % (platform.python_version(), flask._version, flask._werkzeug))
            return
        elif name in ('--reload', '--no-reload', '--debugger', '--no-debugger', '--with-threads', '--without-threads'):
            pass
        elif command is None and not name.startswith('-'):
            command = name
        else:
            _usage(command or '', 'No such option: %s' % name)
    if command == 'routes':
        found, _ = _find(app)
        rows = [(r.endpoint, ', '.join(sorted(r.methods - {'HEAD', 'OPTIONS'})), r.rule) for r in found.url_map]
        widths = [max(len(t), *(len(r[i]) for r in rows)) for i, t in enumerate(('Endpoint', 'Methods', 'Rule'))]
        print('  '.join(t.ljust(w) for t, w in zip(('Endpoint', 'Methods', 'Rule'), widths)).rstrip())
        print('  '.join('-' * w for w in widths))
        for row in sorted(rows):
            print('  '.join(t.ljust(w) for t, w in zip(row, widths)).rstrip())
        return
    if command != 'run':
        if command is None:
            print('Usage: flask [OPTIONS] COMMAND [ARGS]...\\n\\n  A general utility script for Flask applications.\\n\\nCommands:\\n  routes  Show the routes for the app.\\n  run     Run a development server.')
            return
        _usage('', 'No such command %r.' % command)
    found, name = _find(app)
    if debug is not None:
        found.debug = debug
    found.name = (app or os.environ.get('FLASK_APP') or name)
    from flask._serve import serve
    serve(found, host, port, True, name)
`,
}

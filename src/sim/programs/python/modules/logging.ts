import { functions } from '../objects/native.ts'
import { PyTuple } from '../objects/value.ts'
import type { ModuleDefinition } from './module.ts'

export const logging: ModuleDefinition = {
  // Where the program called the logger: the first frame that is not logging's own.
  names: () =>
    functions({
      _where: (vm) => {
        let frame: typeof vm.frame | undefined = vm.caller
        while (frame?.back && frame.code.source.hidden) frame = frame.back
        const { code, pc } = frame ?? vm.caller
        return new PyTuple([code.source.name, code.spans[Math.max(0, pc - 1)]?.line ?? 0, code.name])
      },
    }),
  cost: 4,
  memory: 900_000,
  source: `
import sys, time, traceback as _traceback

NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL = 0, 10, 20, 30, 40, 50
WARN, FATAL = WARNING, CRITICAL
_names = {0: 'NOTSET', 10: 'DEBUG', 20: 'INFO', 30: 'WARNING', 40: 'ERROR', 50: 'CRITICAL'}
BASIC_FORMAT = '%(levelname)s:%(name)s:%(message)s'
raiseExceptions = True

def getLevelName(level):
    if isinstance(level, str):
        return _level(level)
    return _names.get(level, 'Level %s' % level)

def addLevelName(level, name):
    _names[level] = name

def _level(level):
    if isinstance(level, int):
        return level
    for number, name in _names.items():
        if name == level:
            return number
    if level == 'WARN':
        return WARNING
    raise ValueError('Unknown level: %r' % (level,))

class LogRecord:
    def __init__(self, name, level, msg, args, exc_info, extra):
        self.name = name
        self.levelno = level
        self.levelname = getLevelName(level)
        self.msg = msg
        self.args = args
        self.exc_info = exc_info
        self.created = time.time()
        self.msecs = int(self.created * 1000) % 1000
        self.process = _pid()
        self.processName = 'MainProcess'
        self.threadName = _thread_name()
        self.thread = 0
        self.pathname, self.lineno, self.funcName = _where()
        self.filename = self.pathname.rsplit('/', 1)[-1]
        self.module = self.filename.rsplit('.', 1)[0]
        self.relativeCreated = 0
        for key in extra or {}:
            setattr(self, key, extra[key])
    def getMessage(self):
        text = str(self.msg)
        if self.args:
            text = text % (self.args[0] if len(self.args) == 1 and isinstance(self.args[0], dict) and self.args[0] else self.args)
        return text

def _pid():
    import os
    return os.getpid()

def _thread_name():
    threading = sys.modules.get('threading')
    return threading.current_thread().name if threading else 'MainThread'

class Formatter:
    default_msec_format = '%s,%03d'
    def __init__(self, fmt=None, datefmt=None, style='%', validate=True):
        self._style = style
        self._fmt = fmt or {'%': '%(message)s', '{': '{message}', '$': '\${message}'}[style]
        self.datefmt = datefmt
    def formatTime(self, record, datefmt=None):
        if datefmt:
            return time.strftime(datefmt, time.localtime(record.created))
        return '%s,%03d' % (time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(record.created)), record.msecs)
    def formatException(self, info):
        return ''.join(_traceback.format_exception(*info)).rstrip('\\n')
    def format(self, record):
        record.message = record.getMessage()
        if 'asctime' in self._fmt:
            record.asctime = self.formatTime(record, self.datefmt)
        values = record.__dict__
        text = self._fmt % values if self._style == '%' else self._fmt.format(**values) if self._style == '{' else self._fmt.replace('\${', '{').format(**values)
        if record.exc_info:
            text += '\\n' + self.formatException(record.exc_info)
        return text

class Filter:
    def __init__(self, name=''):
        self.name = name
    def filter(self, record):
        return not self.name or record.name == self.name or record.name.startswith(self.name + '.')

class _Filterer:
    def __init__(self):
        self.filters = []
    def addFilter(self, filter):
        self.filters.append(filter)
    def removeFilter(self, filter):
        self.filters.remove(filter)
    def filter(self, record):
        return all((f.filter(record) if hasattr(f, 'filter') else f(record)) for f in self.filters)

class Handler(_Filterer):
    def __init__(self, level=NOTSET):
        _Filterer.__init__(self)
        self.level = _level(level)
        self.formatter = None
    def setLevel(self, level):
        self.level = _level(level)
    def setFormatter(self, formatter):
        self.formatter = formatter
    def format(self, record):
        return (self.formatter or _default).format(record)
    def handle(self, record):
        if self.filter(record):
            self.emit(record)
    def emit(self, record):
        raise NotImplementedError('emit must be implemented by Handler subclasses')
    def flush(self):
        pass
    def close(self):
        pass

class StreamHandler(Handler):
    terminator = '\\n'
    def __init__(self, stream=None):
        Handler.__init__(self)
        self.stream = stream if stream is not None else sys.stderr
    def emit(self, record):
        self.stream.write(self.format(record) + self.terminator)
        self.flush()
    def flush(self):
        if hasattr(self.stream, 'flush'):
            self.stream.flush()

class FileHandler(StreamHandler):
    def __init__(self, filename, mode='a', encoding=None, delay=False):
        StreamHandler.__init__(self, open(filename, mode))
        self.baseFilename = filename
    def close(self):
        self.stream.close()

class NullHandler(Handler):
    def handle(self, record):
        pass

_default = Formatter()

class Logger(_Filterer):
    def __init__(self, name, level=NOTSET):
        _Filterer.__init__(self)
        self.name = name
        self.level = _level(level)
        self.parent = None
        self.propagate = True
        self.handlers = []
        self.disabled = False
    def setLevel(self, level):
        self.level = _level(level)
    def getEffectiveLevel(self):
        logger = self
        while logger:
            if logger.level:
                return logger.level
            logger = logger.parent
        return NOTSET
    def isEnabledFor(self, level):
        return not self.disabled and level >= self.getEffectiveLevel() and level > _disabled[0]
    def addHandler(self, handler):
        if handler not in self.handlers:
            self.handlers.append(handler)
    def removeHandler(self, handler):
        if handler in self.handlers:
            self.handlers.remove(handler)
    def hasHandlers(self):
        logger = self
        while logger:
            if logger.handlers:
                return True
            logger = logger.parent
        return False
    def getChild(self, suffix):
        return getLogger(self.name + '.' + suffix)
    def log(self, level, msg, *args, exc_info=None, extra=None, stack_info=False, stacklevel=1):
        if not self.isEnabledFor(level):
            return
        if exc_info:
            if isinstance(exc_info, BaseException):
                exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
            elif not isinstance(exc_info, tuple):
                exc_info = sys.exc_info()
        record = LogRecord(self.name, level, msg, args, exc_info, extra)
        if self.filter(record):
            self.handle(record)
    def handle(self, record):
        logger, found = self, 0
        while logger:
            for handler in logger.handlers:
                found += 1
                if record.levelno >= handler.level:
                    handler.handle(record)
            logger = logger.parent if logger.propagate else None
        if not found and record.levelno >= WARNING:
            sys.stderr.write(record.getMessage() + '\\n')
    def debug(self, msg, *args, **kwargs):
        self.log(DEBUG, msg, *args, **kwargs)
    def info(self, msg, *args, **kwargs):
        self.log(INFO, msg, *args, **kwargs)
    def warning(self, msg, *args, **kwargs):
        self.log(WARNING, msg, *args, **kwargs)
    warn = warning
    def error(self, msg, *args, **kwargs):
        self.log(ERROR, msg, *args, **kwargs)
    def exception(self, msg, *args, exc_info=True, **kwargs):
        self.log(ERROR, msg, *args, exc_info=exc_info, **kwargs)
    def critical(self, msg, *args, **kwargs):
        self.log(CRITICAL, msg, *args, **kwargs)
    fatal = critical
    def __repr__(self):
        return '<Logger %s (%s)>' % (self.name, getLevelName(self.getEffectiveLevel()))

class RootLogger(Logger):
    pass

root = RootLogger('root', WARNING)
Logger.root = root
_loggers = {}
_disabled = [0]

def disable(level=CRITICAL):
    _disabled[0] = level

def getLogger(name=None):
    if not name or name == 'root':
        return root
    if name not in _loggers:
        logger = Logger(name)
        _loggers[name] = logger
        parts = name.split('.')
        logger.parent = root
        for i in range(len(parts) - 1, 0, -1):
            above = '.'.join(parts[:i])
            if above in _loggers:
                logger.parent = _loggers[above]
                break
        for other, each in _loggers.items():
            if other.startswith(name + '.') and (each.parent is root or not each.parent.name.startswith(name)):
                each.parent = logger
    return _loggers[name]

def basicConfig(*, filename=None, filemode='a', format=None, datefmt=None, style='%', level=None, stream=None, handlers=None, force=False, encoding=None, errors=None):
    if force:
        root.handlers = []
    if root.handlers:
        return
    if handlers is None:
        handlers = [FileHandler(filename, filemode) if filename else StreamHandler(stream)]
    formatter = Formatter(format or {'%': BASIC_FORMAT, '{': '{levelname}:{name}:{message}', '$': '\${levelname}:\${name}:\${message}'}[style], datefmt, style)
    for handler in handlers:
        if handler.formatter is None:
            handler.setFormatter(formatter)
        root.addHandler(handler)
    if level is not None:
        root.setLevel(level)

def _root(method):
    def log(msg, *args, **kwargs):
        if not root.handlers:
            basicConfig()
        method(msg, *args, **kwargs)
    return log

debug, info, warning, error, exception, critical = [_root(m) for m in (root.debug, root.info, root.warning, root.error, root.exception, root.critical)]
warn = warning
fatal = critical

def log(level, msg, *args, **kwargs):
    if not root.handlers:
        basicConfig()
    root.log(level, msg, *args, **kwargs)

def shutdown():
    pass

def captureWarnings(on):
    pass
`,
}

import { abcModule } from './abc.ts'
import { argparse } from './argparse.ts'
import { atexit } from './atexit.ts'
import { base64 } from './base64.ts'
import { bisect } from './bisect.ts'
import { collections } from './collections.ts'
import { collectionsAbc } from './collections-abc.ts'
import { concurrentFutures } from './concurrent-futures.ts'
import { contextlib } from './contextlib.ts'
import { copyModule } from './copy.ts'
import { csvModule } from './csv.ts'
import { dataclasses } from './dataclasses.ts'
import { datetime } from './datetime.ts'
import { enumModule } from './enum.ts'
import { errno } from './errno.ts'
import { flask } from './flask.ts'
import { flaskCli } from './flask-cli.ts'
import { flaskServe } from './flask-serve.ts'
import { flaskTemplates } from './flask-templates.ts'
import { fnmatch } from './fnmatch.ts'
import { functools } from './functools.ts'
import { gcModule } from './gc.ts'
import { getpass } from './getpass.ts'
import { glob } from './glob.ts'
import { gunicorn } from './gunicorn.ts'
import { hashlib } from './hashlib.ts'
import { heapq } from './heapq.ts'
import { htmlModule } from './html.ts'
import { http } from './http.ts'
import { httpClient } from './http-client.ts'
import { httpServer } from './http-server.ts'
import { ioModule } from './io-module.ts'
import { itertools } from './itertools.ts'
import { json } from './json.ts'
import { logging } from './logging.ts'
import { math } from './math.ts'
import type { ModuleDefinition } from './module.ts'
import { operator } from './operator.ts'
import { os, osPath } from './os.ts'
import { pathlib } from './pathlib.ts'
import { platform } from './platform.ts'
import { pprint } from './pprint.ts'
import { queueModule } from './queue.ts'
import { random } from './random.ts'
import { re } from './re.ts'
import { redis } from './redis.ts'
import { redisExceptions } from './redis-exceptions.ts'
import { requests } from './requests.ts'
import { requestsExceptions } from './requests-exceptions.ts'
import { secrets } from './secrets.ts'
import { shutil } from './shutil.ts'
import { signal } from './signal.ts'
import { socket } from './socket.ts'
import { socketserver } from './socketserver.ts'
import { statistics } from './statistics.ts'
import { stringModule } from './string-module.ts'
import { subprocess } from './subprocess.ts'
import { sys } from './sys.ts'
import { tempfile } from './tempfile.ts'
import { textwrap } from './textwrap.ts'
import { thread } from './thread.ts'
import { threading } from './threading.ts'
import { time } from './time.ts'
import { timeit } from './timeit.ts'
import { traceback } from './traceback.ts'
import { typesModule } from './types.ts'
import { typing } from './typing.ts'
import { urllibError } from './urllib-error.ts'
import { urllibParse } from './urllib-parse.ts'
import { urllibRequest } from './urllib-request.ts'
import { uuid } from './uuid.ts'
import { warnings } from './warnings.ts'

/** The modules that can be imported. One line each. */
export const MODULES: ReadonlyMap<string, ModuleDefinition> = new Map<string, ModuleDefinition>([
  ['_thread', thread],
  ['abc', abcModule],
  ['argparse', argparse],
  ['atexit', atexit],
  ['base64', base64],
  ['bisect', bisect],
  ['collections', collections],
  ['collections.abc', collectionsAbc],
  ['concurrent', { isPackage: true }],
  ['concurrent.futures', concurrentFutures],
  ['contextlib', contextlib],
  ['copy', copyModule],
  ['csv', csvModule],
  ['dataclasses', dataclasses],
  ['datetime', datetime],
  ['enum', enumModule],
  ['errno', errno],
  ['flask', flask],
  ['flask._serve', flaskServe],
  ['flask._templates', flaskTemplates],
  ['fnmatch', fnmatch],
  ['flask.cli', flaskCli],
  ['functools', functools],
  ['gc', gcModule],
  ['getpass', getpass],
  ['glob', glob],
  ['gunicorn', gunicorn],
  ['hashlib', hashlib],
  ['heapq', heapq],
  ['html', htmlModule],
  ['http', http],
  ['http.client', httpClient],
  ['http.server', httpServer],
  ['io', ioModule],
  ['itertools', itertools],
  ['json', json],
  ['logging', logging],
  ['math', math],
  ['operator', operator],
  ['os', os],
  ['os.path', osPath],
  ['pathlib', pathlib],
  ['platform', platform],
  ['pprint', pprint],
  ['queue', queueModule],
  ['random', random],
  ['re', re],
  ['redis', redis],
  ['redis.exceptions', redisExceptions],
  ['requests', requests],
  ['requests.exceptions', requestsExceptions],
  ['secrets', secrets],
  ['shutil', shutil],
  ['signal', signal],
  ['socket', socket],
  ['socketserver', socketserver],
  ['statistics', statistics],
  ['string', stringModule],
  ['subprocess', subprocess],
  ['sys', sys],
  ['tempfile', tempfile],
  ['textwrap', textwrap],
  ['threading', threading],
  ['time', time],
  ['timeit', timeit],
  ['traceback', traceback],
  ['types', typesModule],
  ['typing', typing],
  ['urllib.error', urllibError],
  ['urllib.parse', urllibParse],
  ['urllib.request', urllibRequest],
  ['uuid', uuid],
  ['warnings', warnings],
  ['urllib', { isPackage: true }],
  ['__future__', { source: '' }],
])

/** Modules of the standard library that are not simulated: importing them says so. */
export const NOT_SIMULATED = new Set(
  'aifc array ast asynchat asyncio asyncore audioop bdb binhex builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop colorsys compileall configparser contextvars copyreg crypt ctypes curses dbm decimal difflib dis distutils doctest email encodings ensurepip faulthandler fcntl filecmp fileinput formatter fractions ftplib getopt gettext graphlib grp gzip hmac idlelib imaplib imghdr imp importlib inspect ipaddress keyword linecache locale lzma mailbox mailcap marshal mimetypes mmap modulefinder msilib multiprocessing netrc nis nntplib numbers opcode optparse ossaudiodev parser pdb pickle pickletools pipes pkgutil plistlib poplib posix profile pstats pty pwd py_compile pyclbr pydoc quopri readline reprlib resource rlcompleter runpy sched select selectors shelve shlex site smtpd smtplib sndhdr spwd sqlite3 ssl stat stringprep struct sunau symbol symtable sysconfig syslog tabnanny tarfile telnetlib termios test tkinter token tokenize tomllib trace tracemalloc tty turtle unicodedata unittest uu venv wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'.split(
    ' ',
  ),
)

export const moduleNames = (): string[] =>
  [...MODULES.keys(), ...NOT_SIMULATED].filter((name) => !MODULES.get(name)?.distribution)

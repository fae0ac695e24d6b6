import { math } from './math.ts'
import type { ModuleDefinition } from './module.ts'
import { os, osPath } from './os.ts'
import { sys } from './sys.ts'
import { time } from './time.ts'

/** The modules that can be imported. One line each. */
export const MODULES: ReadonlyMap<string, ModuleDefinition> = new Map<string, ModuleDefinition>([
  ['math', math],
  ['os', os],
  ['os.path', osPath],
  ['sys', sys],
  ['time', time],
])

/** Modules of the standard library that are not simulated: importing them says so. */
export const NOT_SIMULATED = new Set(
  '_thread aifc array ast asynchat asyncio asyncore audioop bdb binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop colorsys compileall concurrent configparser contextvars copyreg crypt csv ctypes curses dbm decimal difflib dis distutils doctest email encodings ensurepip errno faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib gc getopt getpass gettext graphlib grp gzip heapq hmac html idlelib imaplib imghdr imp importlib inspect ipaddress keyword linecache locale lzma mailbox mailcap marshal mimetypes mmap modulefinder msilib multiprocessing netrc nis nntplib numbers opcode operator optparse ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil plistlib poplib posix pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil site smtpd smtplib sndhdr spwd sqlite3 ssl stat statistics stringprep struct sunau symbol symtable sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap timeit tkinter token tokenize tomllib trace tracemalloc tty turtle types unicodedata unittest uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'.split(
    ' ',
  ),
)

export const moduleNames = (): string[] =>
  [...MODULES.keys(), ...NOT_SIMULATED].filter((name) => !MODULES.get(name)?.distribution)

/** A package of the simulated index. */
export interface PipPackage {
  /** Its name as it writes itself. */
  name: string
  /** The newest version, and the newest for Python 2. */
  version: string
  version2?: string
  summary: string
  requires?: readonly string[]
  /** Its modules are not simulated: importing them says so. */
  hollow?: boolean
  /** Commands that it brings. */
  commands?: readonly string[]
}

const list: readonly PipPackage[] = [
  { name: 'blinker', version: '1.7.0', summary: 'Fast, simple object-to-object and broadcast signaling', hollow: true },
  {
    name: 'certifi',
    version: '2023.11.17',
    version2: '2021.10.8',
    summary: "Python package for providing Mozilla's CA Bundle.",
    hollow: true,
  },
  {
    name: 'chardet',
    version: '5.2.0',
    version2: '4.0.0',
    summary: 'Universal character encoding detector',
    hollow: true,
  },
  { name: 'charset-normalizer', version: '3.3.2', summary: 'The Real First Universal Charset Detector.', hollow: true },
  {
    name: 'click',
    version: '8.1.7',
    version2: '7.1.2',
    summary: 'Composable command line interface toolkit',
    hollow: true,
  },
  {
    name: 'Flask',
    version: '3.0.0',
    version2: '1.1.4',
    summary: 'A simple framework for building complex web applications.',
    requires: ['Werkzeug', 'Jinja2', 'itsdangerous', 'click', 'blinker'],
    commands: ['flask'],
  },
  {
    name: 'gunicorn',
    version: '21.2.0',
    version2: '19.10.0',
    summary: 'WSGI HTTP Server for UNIX',
    requires: ['packaging'],
    commands: ['gunicorn'],
  },
  {
    name: 'idna',
    version: '3.6',
    version2: '2.10',
    summary: 'Internationalized Domain Names in Applications (IDNA)',
    hollow: true,
  },
  {
    name: 'itsdangerous',
    version: '2.1.2',
    version2: '1.1.0',
    summary: 'Safely pass data to untrusted environments and back.',
    hollow: true,
  },
  {
    name: 'Jinja2',
    version: '3.1.2',
    version2: '2.11.3',
    summary: 'A very fast and expressive template engine.',
    requires: ['MarkupSafe'],
    hollow: true,
  },
  {
    name: 'MarkupSafe',
    version: '2.1.3',
    version2: '1.1.1',
    summary: 'Safely add untrusted strings to HTML/XML markup.',
    hollow: true,
  },
  { name: 'numpy', version: '1.26.4', summary: 'Fundamental package for array computing in Python', hollow: true },
  { name: 'packaging', version: '23.2', summary: 'Core utilities for Python packages', hollow: true },
  {
    name: 'pandas',
    version: '2.1.4',
    summary: 'Powerful data structures for data analysis, time series, and statistics',
    requires: ['numpy'],
    hollow: true,
  },
  { name: 'psycopg2-binary', version: '2.9.9', summary: 'psycopg2 - Python-PostgreSQL Database Adapter', hollow: true },
  { name: 'PyMySQL', version: '1.1.0', summary: 'Pure Python MySQL Driver', hollow: true },
  { name: 'PyYAML', version: '6.0.1', summary: 'YAML parser and emitter for Python', hollow: true },
  {
    name: 'redis',
    version: '5.0.1',
    version2: '3.5.3',
    summary: 'Python client for Redis database and key-value store',
  },
  {
    name: 'requests',
    version: '2.31.0',
    version2: '2.27.1',
    summary: 'Python HTTP for Humans.',
    requires: ['charset-normalizer', 'idna', 'urllib3', 'certifi'],
  },
  {
    name: 'urllib3',
    version: '2.1.0',
    version2: '1.26.18',
    summary: 'HTTP library with thread-safe connection pooling, file post, and more.',
    hollow: true,
  },
  {
    name: 'Werkzeug',
    version: '3.0.1',
    version2: '1.0.1',
    summary: 'The comprehensive WSGI web application library.',
    requires: ['MarkupSafe'],
    hollow: true,
  },
  { name: 'wheel', version: '0.42.0', version2: '0.37.1', summary: 'A built-package format for Python', hollow: true },
]

export const normalName = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')

export const findPipPackage = (name: string): PipPackage | undefined =>
  list.find((each) => normalName(each.name) === normalName(name))

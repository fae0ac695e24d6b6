import type { ModuleDefinition } from './module.ts'

export const requestsExceptions: ModuleDefinition = {
  distribution: 'requests',
  source: `
from requests import RequestException, HTTPError, ConnectionError, Timeout, ConnectTimeout, ReadTimeout, TooManyRedirects, MissingSchema, InvalidSchema, InvalidURL, JSONDecodeError
`,
}

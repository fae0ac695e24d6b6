import type { Process } from '../../linux/process.ts'
import type { HttpResponse } from '../http/message.ts'
import type { ServerRequest } from '../http/server.ts'
import { connectSql } from '../mariadb/connect.ts'
import type { SqlClient } from '../mariadb/wire.ts'

const html = (status: number, body: string, extra: [string, string][] = []): HttpResponse => ({
  status,
  headers: [
    ['Server', 'Apache/2.4.53 (Debian)'],
    ['X-Powered-By', 'PHP/7.4.29'],
    ...extra,
    ['Content-Type', 'text/html; charset=UTF-8'],
  ],
  body,
})

const page = (title: string, body: string) =>
  `<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<meta charset="UTF-8">\n\t<title>${title}</title>\n\t<meta name="generator" content="WordPress 5.9" />\n</head>\n<body>\n${body}\n</body>\n</html>\n`

const redirect = (location: string) => html(302, '', [['Location', location]])

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const sqlText = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** One WordPress, whose every page comes out of its database. */
export class Site {
  readonly #process: Process
  readonly #setting: (name: string, fallback: string) => string

  constructor(process: Process, setting: (name: string, fallback: string) => string) {
    this.#process = process
    this.#setting = setting
  }

  get #prefix(): string {
    return this.#setting('WORDPRESS_TABLE_PREFIX', 'wp_')
  }

  async answer(request: ServerRequest): Promise<HttpResponse> {
    await this.#process.compute(12)
    const [host = 'mysql', port = '3306'] = this.#setting('WORDPRESS_DB_HOST', 'mysql').split(':')
    const database = this.#setting('WORDPRESS_DB_NAME', 'wordpress')
    const connected = await connectSql(
      this.#process,
      host === 'localhost' ? '127.0.0.1' : host,
      Number(port),
      {
        user: this.#setting('WORDPRESS_DB_USER', 'example username'),
        password: this.#setting('WORDPRESS_DB_PASSWORD', 'example password'),
        database: undefined,
      },
      10_000,
    )
    if ('message' in connected) return noConnection()
    const { client } = connected
    try {
      const use = await client.query(`use ${database}`)
      if (!use || 'error' in use) return noDatabase(database)
      return await this.#route(request, client)
    } finally {
      client.close()
    }
  }

  async #rows(client: SqlClient, sql: string): Promise<(string | null)[][] | undefined> {
    const answer = await client.query(sql)
    return answer && 'ok' in answer ? answer.ok.rows : undefined
  }

  async #route(request: ServerRequest, client: SqlClient): Promise<HttpResponse> {
    const path = request.target.split('?')[0]!
    const options = await this.#rows(
      client,
      `select option_value from ${this.#prefix}options where option_name='blogname'`,
    )
    const title = options?.[0]?.[0]
    const host = request.headers.find(([n]) => n.toLowerCase() === 'host')?.[1] ?? 'localhost'
    if (title === undefined || title === null) {
      if (path === '/wp-admin/install.php') return this.#install(request, client)
      if (path === '/wp-includes/version.php') return html(200, '')
      return redirect(`http://${host}/wp-admin/install.php`)
    }
    if (path === '/wp-admin/install.php')
      return html(
        200,
        page(
          'WordPress &rsaquo; Installation',
          '<h1>Already Installed</h1>\n<p>You appear to have already installed WordPress. To reinstall please clear your old database tables first.</p>',
        ),
      )
    if (path === '/wp-login.php')
      return html(
        200,
        page(
          `Log In &lsaquo; ${escapeHtml(title)} &#8212; WordPress`,
          '<form name="loginform" id="loginform" method="post"></form>',
        ),
      )
    if (path.startsWith('/wp-admin')) return redirect(`http://${host}/wp-login.php`)
    if (path !== '/' && path !== '/index.php')
      return html(404, page(`Page not found &#8211; ${escapeHtml(title)}`, '<h1>Nothing here</h1>'))
    const posts =
      (await this.#rows(client, `select post_title, post_content from ${this.#prefix}posts order by ID desc`)) ?? []
    const articles = posts.map(
      ([name, content]) =>
        `<article>\n<h2>${escapeHtml(name ?? '')}</h2>\n<p>${escapeHtml(content ?? '')}</p>\n</article>`,
    )
    return html(
      200,
      page(
        escapeHtml(title),
        `<h1>${escapeHtml(title)}</h1>\n${articles.join('\n')}\n<p>Proudly powered by WordPress.</p>`,
      ),
    )
  }

  async #install(request: ServerRequest, client: SqlClient): Promise<HttpResponse> {
    const form = new Map(
      new TextDecoder()
        .decode(request.body)
        .split('&')
        .filter(Boolean)
        .map((p) => p.split('=').map((w) => decodeURIComponent(w.replaceAll('+', ' '))) as [string, string]),
    )
    const title = form.get('weblog_title')
    if (request.method !== 'POST' || title === undefined)
      return html(
        200,
        page(
          'WordPress &rsaquo; Installation',
          '<h1>Welcome</h1>\n<p>Welcome to the famous five-minute WordPress installation process!</p>\n<h2>Information needed</h2>\n<form id="setup" method="post" action="install.php?step=2">\n<input name="weblog_title"/> <input name="user_name"/> <input name="admin_password"/> <input name="admin_email"/>\n</form>',
        ),
      )
    const p = this.#prefix
    const statements = [
      `create table if not exists ${p}options (option_id bigint auto_increment primary key, option_name varchar(191) unique, option_value longtext)`,
      `create table if not exists ${p}posts (ID bigint auto_increment primary key, post_title text, post_content longtext)`,
      `create table if not exists ${p}users (ID bigint auto_increment primary key, user_login varchar(60), user_email varchar(100))`,
      `insert into ${p}options(option_name, option_value) values ('blogname', ${sqlText(title)})`,
      `insert into ${p}posts(post_title, post_content) values ('Hello world!', 'Welcome to WordPress. This is your first post. Edit or delete it, then start writing!')`,
      `insert into ${p}users(user_login, user_email) values (${sqlText(form.get('user_name') ?? 'admin')}, ${sqlText(form.get('admin_email') ?? '')})`,
    ]
    for (const sql of statements) {
      const answer = await client.query(sql)
      if (!answer || 'error' in answer)
        return html(
          500,
          page(
            'WordPress database error',
            `<p>${answer && 'error' in answer ? escapeHtml(answer.error.message) : ''}</p>`,
          ),
        )
    }
    return html(
      200,
      page(
        'WordPress &rsaquo; Installation',
        '<h1>Success!</h1>\n<p>WordPress has been installed. Thank you, and enjoy!</p>',
      ),
    )
  }
}

function noConnection(): HttpResponse {
  return html(500, page('Database Error', '<h1>Error establishing a database connection</h1>'))
}

function noDatabase(name: string): HttpResponse {
  return html(
    500,
    page(
      'WordPress &rsaquo; Error',
      `<h1>Cannot select database</h1>\n<p>The database server could be connected to (which means your username and password is okay) but the <code>${escapeHtml(name)}</code> database could not be selected.</p>`,
    ),
  )
}

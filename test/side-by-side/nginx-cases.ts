/** One server block, asked the same by real clients of a real nginx and in a simulated world. */
export interface NginxCase {
  title: string
  /** Inside `server { listen PORT; server_name HOST; … }`; DIR is the folder with the case's files. */
  server: string
  /** Beside the server, at the http level. */
  http?: string
  /** By name below DIR; a name ending in / is a folder. */
  files?: Record<string, string>
  /** `METHOD target`, header lines, an empty line and a body. */
  requests: readonly string[]
}

const echo = (name: string) => `return 200 '${name} $uri $args\\n';`

export const CASES: readonly NginxCase[] = [
  {
    title: 'locations in their order',
    server: `default_type text/plain;
location / { ${echo('root')} }
location = /exact { ${echo('exact')} }
location /pre { ${echo('prefix')} }
location /pre/longer { ${echo('longer')} }
location ^~ /static/ { ${echo('static')} }
location ~ \\.php$ { ${echo('php')} }
location ~* \\.(gif|jpg)$ { ${echo('image')} }
location ~ ^/user/(?<name>[a-z]+)/(\\d+)$ { return 200 '$name $2\\n'; }
location /nest/ { location ~ \\.txt$ { ${echo('nested')} } location /nest/deep/ { ${echo('deep')} } ${echo('nest')} }`,
    requests: [
      'GET /',
      'GET /exact',
      'GET /exact/',
      'GET /pre',
      'GET /prefixed',
      'GET /pre/longer/x?a=1&b=2',
      'GET /static/a.php',
      'GET /a.php',
      'GET /pre/a.php',
      'GET /x.GIF',
      'GET /user/ann/42',
      'GET /user/Ann/42',
      'GET /nest/a.txt',
      'GET /nest/deep/a',
      'GET /nest/deep/a.txt',
      'GET /nest/b',
      'GET /a/../pre/./longer',
      'GET //pre//longer',
      'GET /pre%2Flonger',
      'GET /%70re',
      'GET /..',
      'GET /a%zz',
      'HEAD /exact',
      'POST /exact\nContent-Length: 3\n\nabc',
      'BREW /exact',
    ],
  },
  {
    title: 'return: codes, redirects and variables',
    server: `location = /text { return 200 'text'; }
location = /json { default_type application/json; return 200 '{"ok": true}'; }
location = /none { return 204; }
location = /moved { return 301 /text?x=$arg_x; }
location = /found { return 302 http://other.test$request_uri; }
location = /url { return https://other.test/; }
location = /temporary { return 307 /text; }
location = /created { return 201 'made\\n'; }
location = /forbidden { return 403; }
location = /own { return 403 'own words'; }
location = /teapot { return 418; }
location = /gone { return 410; }
location = /close { return 444; }
location = /internal { internal; return 200 'inside'; }
location = /variables { return 200 '$request_method $scheme $host $request_uri $uri $args $is_args $arg_a $arg_none $http_x_own $server_protocol $server_name $document_uri $query_string $content_type $content_length $http_user_agent $cookie_sid $nginx_version $status $request_body\\n'; }
location /braces { return 200 "\${uri}-\${arg_a}x\\n"; }`,
    requests: [
      'GET /text',
      'GET /json',
      'GET /none',
      'GET /moved?x=7',
      'GET /found?q=1',
      'GET /url',
      'GET /temporary',
      'POST /temporary\nContent-Length: 0',
      'GET /created',
      'GET /forbidden',
      'GET /own',
      'GET /teapot',
      'GET /gone',
      'GET /close',
      'GET /internal',
      'GET /variables',
      'GET /variables?a=1&b=2\nX-Own: me\nUser-Agent: t/1\nCookie: sid=9; other=1',
      'GET /braces/%20x?a=b%20c',
      'HEAD /text',
      'HEAD /forbidden',
      'GET /none-such',
    ],
  },
  {
    title: 'files: index, folders, types, ranges, conditions, methods',
    server: `root DIR;
types { text/html html; text/plain txt; application/json json; image/png png; }
default_type application/octet-stream;
location /list/ { autoindex on; }
location /other/ { index first.html second.txt; }
location /alias/ { alias DIR/sub/; }
location = /one { alias DIR/a.txt; }`,
    files: {
      'index.html': '<h1>index</h1>\n',
      'a.txt': 'alpha beta gamma\n',
      'b.json': '{}',
      'no-extension': 'bytes',
      'UPPER.TXT': 'upper\n',
      'with space.txt': 'space\n',
      'sub/index.html': 'sub\n',
      'sub/x.txt': 'x\n',
      'noindex/x.txt': 'x\n',
      'list/b.txt': 'b\n',
      'list/a.txt': 'aa\n',
      'list/.hidden': 'h\n',
      'list/folder/': '',
      'list/a very long name of a file that does not fit into the column.txt': '1',
      'list/we & <you>.txt': '2',
      'other/second.txt': 'second\n',
      'empty.txt': '',
    },
    requests: [
      'GET /',
      'GET /index.html',
      'GET /a.txt',
      'GET /b.json',
      'GET /no-extension',
      'GET /UPPER.TXT',
      'GET /with%20space.txt',
      'GET /empty.txt',
      'GET /none.txt',
      'GET /sub',
      'GET /sub?x=1',
      'GET /sub/',
      'GET /noindex/',
      'GET /none/',
      'GET /list/',
      'GET /list',
      'GET /other/',
      'GET /alias/x.txt',
      'GET /alias/',
      'GET /alias',
      'GET /one',
      'HEAD /a.txt',
      'POST /a.txt\nContent-Length: 1\n\nx',
      'PUT /a.txt\nContent-Length: 1\n\nx',
      'DELETE /a.txt',
      'OPTIONS /a.txt',
      'GET /a.txt\nRange: bytes=0-4',
      'GET /a.txt\nRange: bytes=6-',
      'GET /a.txt\nRange: bytes=-6',
      'GET /a.txt\nRange: bytes=90-95',
      'GET /a.txt/',
      'GET /a.txt/more',
      'GET /../a.txt',
      'GET /%2e%2e/a.txt',
    ],
  },
  {
    title: 'try_files',
    server: `root DIR; default_type text/plain;
location / { try_files $uri $uri/ /fallback.html; }
location /app/ { try_files $uri /app/index.html =404; }
location /code/ { try_files $uri =418; }
location /named/ { try_files $uri @named; }
location @named { return 200 'named $uri\\n'; }
location /page/ { try_files $uri $uri.html $uri/ =404; }`,
    files: {
      'fallback.html': 'fallback\n',
      'a.html': 'a\n',
      'dir/index.html': 'dir index\n',
      'empty/': '',
      'app/index.html': 'app\n',
      'app/main.js': 'main\n',
      'page/x.html': 'x\n',
      'named/there': 'there\n',
    },
    requests: [
      'GET /a.html',
      'GET /none',
      'GET /dir',
      'GET /dir/',
      'GET /empty/',
      'GET /app/main.js',
      'GET /app/deep/link',
      'GET /code/x',
      'GET /named/there',
      'GET /named/gone?x=1',
      'GET /page/x',
      'GET /page/y',
    ],
  },
  {
    title: 'rewrite and its flags, if, set, break',
    server: `default_type text/plain;
rewrite ^/first/(.*)$ /second/$1;
rewrite ^/second/(.*)$ /third/$1 last;
location /third/ { ${echo('third')} }
location /second/ { ${echo('second')} }
rewrite ^/perm/(.*)$ /new/$1 permanent;
rewrite ^/redir/(.*)$ /new/$1 redirect;
rewrite ^/query/(.*)$ /third/$1?own=1 last;
rewrite ^/drop/(.*)$ /third/$1? last;
rewrite ^/abs/(.*)$ http://other.test/$1;
location /break/ { rewrite ^/break/(.*)$ /third/$1 break; ${echo('after-break')} }
location /loop/ { rewrite ^/loop/(.*)$ /loop/x$1 last; }
location /if/ {
  set $who nobody;
  if ($arg_name) { set $who $arg_name; }
  if ($request_method = POST) { return 405; }
  if ($http_user_agent ~* "curl|wget") { return 200 'tool $who\\n'; }
  if ($arg_name = 'bob') { return 200 'it is bob\\n'; }
  if ($arg_name != '') { return 200 'not empty $who\\n'; }
  return 200 '$who\\n';
}
location /files/ { root DIR; if (!-f $request_filename) { return 404 'no file\\n'; } }
location ~ ^/cap/(?<first>\\w+)/(?<rest>.*)$ { set $joined "$first+$rest"; return 200 '$joined $1 $2\\n'; }`,
    files: { 'files/a': 'a\n' },
    requests: [
      'GET /first/x',
      'GET /second/x?q=1',
      'GET /perm/x',
      'GET /perm/x?q=1',
      'GET /redir/x?q=1',
      'GET /query/x?q=1',
      'GET /drop/x?q=1',
      'GET /abs/x?q=1',
      'GET /break/x',
      'GET /loop/x',
      'GET /if/',
      'GET /if/?name=ann',
      'GET /if/?name=bob',
      'GET /if/\nUser-Agent: Wget/1.2',
      'POST /if/\nContent-Length: 0',
      'GET /files/a',
      'GET /files/b',
      'GET /cap/one/two/three',
    ],
  },
  {
    title: 'error_page, headers, access',
    server: `root DIR; default_type text/plain;
error_page 404 /404.html;
error_page 500 502 503 504 /50x.html;
location = /50x.html { root DIR; }
location /own/ { error_page 404 =200 /fine.html; }
location /away/ { error_page 404 http://other.test/lost; return 404; }
location /named/ { error_page 403 = @denied; deny all; }
location @denied { return 200 'was denied\\n'; }
location /code/ { error_page 403 =404 /404.html; return 403; }
location /fail { return 503; }
location /headers { add_header X-One 1; add_header X-Two "two $arg_x" always; return 200 'h\\n'; }
location /headers-404 { add_header X-One 1; add_header X-Two 2 always; return 404; }
location /expires { expires 1h; return 200 'e\\n'; }
location /nostore { expires -1; return 200 'e\\n'; }
location /max { expires max; return 200 'e\\n'; }
location /allowed { allow 127.0.0.1; deny all; return 200 'return comes first\\n'; }
location /denied { deny 127.0.0.1; }
location /tokens { server_tokens off; return 404; }`,
    files: { '404.html': 'own 404 page\n', '50x.html': 'own 50x page\n', 'fine.html': 'fine\n' },
    requests: [
      'GET /none',
      'GET /fail',
      'GET /own/x',
      'GET /away/x',
      'GET /named/x',
      'GET /code/x',
      'GET /headers?x=3',
      'GET /headers-404',
      'GET /expires',
      'GET /nostore',
      'GET /max',
      'GET /allowed',
      'GET /denied',
      'GET /tokens',
      'HEAD /none',
      'POST /none\nContent-Length: 2\n\nhi',
    ],
  },
  {
    title: 'proxy_pass with and without a URI, headers, upstreams',
    http: `upstream pool_HOST { server 127.0.0.1:BACKEND; }
upstream dead_HOST { server 127.0.0.1:1; }
upstream spare_HOST { server 127.0.0.1:1; server 127.0.0.1:BACKEND backup; }
server { listen BACKEND; server_name _; default_type text/plain;
  location / { add_header X-Backend yes; return 200 '$request_method $request_uri host=$http_host xff=$http_x_forwarded_for real=$http_x_real_ip conn=$http_connection own=$http_x_own proto=$server_protocol\\n'; }
  location /moved { return 301 /target; }
  location /absolute { return 302 http://127.0.0.1:BACKEND/target; }
  location /missing { return 404; }
  location /empty { return 204; } }`,
    server: `location /plain/ { proxy_pass http://127.0.0.1:BACKEND; }
location /slash/ { proxy_pass http://127.0.0.1:BACKEND/; }
location /path/ { proxy_pass http://127.0.0.1:BACKEND/base/; }
location /noslash { proxy_pass http://127.0.0.1:BACKEND/base; }
location /pool/ { proxy_pass http://pool_HOST; }
location /dead/ { proxy_pass http://dead_HOST; }
location /spare/ { proxy_pass http://spare_HOST; }
location /headers/ {
  proxy_http_version 1.1;
  proxy_set_header Host $host;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  proxy_set_header X-Own "own $arg_x";
  proxy_pass http://127.0.0.1:BACKEND;
}
location ~ ^/regex/(.*)$ { proxy_pass http://127.0.0.1:BACKEND/r/$1$is_args$args; }
location /refused { proxy_pass http://127.0.0.1:1; }
location /moved { proxy_pass http://127.0.0.1:BACKEND; }
location /absolute { proxy_pass http://127.0.0.1:BACKEND; }
location /missing { proxy_pass http://127.0.0.1:BACKEND; }
location /empty { proxy_pass http://127.0.0.1:BACKEND; }
location /intercept { proxy_intercept_errors on; error_page 404 = @own; proxy_pass http://127.0.0.1:BACKEND/missing; }
location @own { return 200 'own answer\\n'; }
location /hide { proxy_hide_header X-Backend; proxy_pass http://127.0.0.1:BACKEND; }
location /rewritten/ { rewrite ^/rewritten/(.*)$ /r/$1 break; proxy_pass http://127.0.0.1:BACKEND; }`,
    requests: [
      'GET /plain/a%20b?x=1',
      'GET /slash/a%20b?x=1',
      'GET /path/x',
      'GET /noslash/x',
      'GET /pool/x',
      'GET /dead/x',
      'GET /spare/x',
      'GET /headers/?x=1\nX-Forwarded-For: 10.0.0.9',
      'GET /regex/a/b?x=1',
      'GET /refused',
      'GET /moved',
      'GET /absolute',
      'GET /missing',
      'GET /empty',
      'GET /intercept',
      'GET /hide',
      'GET /rewritten/x?y=1',
      'POST /plain/p\nContent-Length: 3\n\nabc',
      'HEAD /plain/',
    ],
  },
  {
    title: 'map and server names',
    http: `map $arg_color $HOST_shade { default grey; red dark; ~^bl light; "" none; }
map $http_user_agent $HOST_kind { default other; ~*curl tool; }`,
    server: `default_type text/plain; location / { return 200 '$HOST_shade $HOST_kind\\n'; }`,
    requests: [
      'GET /',
      'GET /?color=red',
      'GET /?color=blue',
      'GET /?color=green\nUser-Agent: CURL/8',
      'GET /?color=Red',
    ],
  },
  {
    title: 'requests that are wrong',
    server: `client_max_body_size 10; root DIR; location /upload { return 200 'took it\\n'; } location /proxy { proxy_pass http://127.0.0.1:1; }`,
    files: { 'a.txt': 'a\n' },
    requests: [
      'GET nothing',
      'GET',
      'POST /proxy\nContent-Length: 20\n\n01234567890123456789',
      'GET /a.txt\nHost:',
      'GET /a.txt\nBad Header',
      'GET /a.txt\nContent-Length: x',
      'get /a.txt',
      'TRACE /a.txt',
    ],
  },
]

/** Whole configurations that nginx -t refuses, or warns of: what it says. */
export const BROKEN: readonly string[] = [
  'events {} http { server { listen 80 } }',
  'events {} http { server { listen 80; location / { root /x; }',
  'events {} http { server { lissen 80; } }',
  'events {} http { server { listen 80; location / { proxy_pas http://x; } } }',
  'events {} http { server { listen abc; } }',
  'events {} http { server { listen 99999; } }',
  'events {} http { server { listen 80; server_name a; } server { listen 80; server_name a; } }',
  'events {} http { server { location / { } location / { } } }',
  'events {} http { server { location ~ ( { } } }',
  'events {} http { server { return; } }',
  'events {} http { server { root; } }',
  'events {} http { server { root /a /b; } }',
  'events {} http { server { root /a; root /b; } }',
  'events {} http { upstream u { } server { location / { proxy_pass http://u; } } }',
  'events {} http { server { location / { proxy_pass http://no-such-host-anywhere.invalid; } } }',
  'events {} http { server { location / { proxy_pass x; } } }',
  'events {} http { server { location / { proxy_pass http://127.0.0.1:1/$x; } } }',
  'http { server { listen 80; } }',
  'events {} server { listen 80; }',
  'events {} http { listen 80; }',
  'events {} http { server { events {} } }',
  'events {} http { include /no/such/file.conf; }',
  'events {} http { include /no/such/*.conf; }',
  'events {} http { server { autoindex maybe; } }',
  'events {} http { server { error_page 404; } }',
  'events {} http { server { error_page 99 /x; } }',
  'events {} http { server { return 200 $undefined_one; } }',
  'events {} http { server { set x 1; } }',
  'events {} http { server { if ($a = 1) { listen 80; } } }',
  'events {} http { server { rewrite ^/( /x; } }',
  'events {} http { server { rewrite ^/a /x nonsense; } }',
  'events {} http { server { try_files /x; } }',
  'events {} http { server { add_header X; } }',
  'events {} http { server { client_max_body_size huge; } }',
  'events {} http { server { keepalive_timeout soon; } }',
  'events {} http { server { listen 443 ssl; } }',
  'events {} http { server { allow 300.1.1.1; } }',
  'events {} }',
  'events {} http { server { listen 80; } "quoted',
  'events {} http { server { location = /a /b { } } }',
  'events {} http { server { location /a { location /b { } } } }',
  'events { worker_connections many; } http { }',
  'worker_processes lots; events {} http { }',
  'events {} http { log_format main; }',
  'events {} http { server { access_log /tmp/a.log nosuch; } }',
  'events {} http { server { expires soon; } }',
]

/** The image's start script: runs what /docker-entrypoint.d holds, then the command. */
export const ENTRYPOINT = `#!/bin/sh
set -e

say() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

if [ "$1" = "nginx" -o "$1" = "nginx-debug" ]; then
    if /usr/bin/find "/docker-entrypoint.d/" -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read v; then
        say "$0: /docker-entrypoint.d/ is not empty, will attempt to perform configuration"
        say "$0: Looking for shell scripts in /docker-entrypoint.d/"
        for script in $(find "/docker-entrypoint.d/" -follow -type f | sort); do
            case "$script" in
                *.sh)
                    if [ -x "$script" ]; then
                        say "$0: Launching $script"
                        "$script"
                    else
                        say "$0: Ignoring $script, not executable"
                    fi
                    ;;
                *) say "$0: Ignoring $script" ;;
            esac
        done
        say "$0: Configuration complete; ready for start up"
    else
        say "$0: No files found in /docker-entrypoint.d/, skipping configuration"
    fi
fi

exec "$@"
`

export const LISTEN_ON_IPV6 = `#!/bin/sh
set -e

ME=$(basename "$0")
CONF="etc/nginx/conf.d/default.conf"

say() {
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$@"
    fi
}

if [ ! -f "/$CONF" ]; then
    say "$ME: info: /$CONF is not a file or does not exist"
    exit 0
fi
if ! touch "/$CONF" 2>/dev/null; then
    say "$ME: info: can not modify /$CONF (read-only file system?)"
    exit 0
fi
if grep -q "listen  \\[::]\\:80;" "/$CONF"; then
    say "$ME: info: IPv6 listen already enabled"
    exit 0
fi
say "$ME: info: Getting the checksum of /$CONF"
if [ "$(md5sum < "/$CONF")" != "$(md5sum < /usr/share/nginx/default.conf)" ]; then
    say "$ME: info: /$CONF differs from the packaged version"
    exit 0
fi
sed -i -E 's,listen       80;,listen       80;\\n    listen  [::]:80;,' "/$CONF"
say "$ME: info: Enabled listen on IPv6 in /$CONF"
exit 0
`

export const ENVSUBST = `#!/bin/sh
set -e

ME=$(basename "$0")
from="\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}"
suffix="\${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}"
to="\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}"

[ -d "$from" ] || exit 0
if [ ! -w "$to" ]; then
    echo "$ME: ERROR: $from exists, but $to is not writable"
    exit 0
fi
defined=$(printf '\${%s} ' $(env | cut -d= -f1))
for template in $(find "$from" -follow -type f -name "*$suffix"); do
    path="\${template#"$from/"}"
    output="$to/\${path%"$suffix"}"
    mkdir -p "$(dirname "$output")"
    if [ -z "\${NGINX_ENTRYPOINT_QUIET_LOGS:-}" ]; then
        echo "$ME: Running envsubst on $template to $output"
    fi
    envsubst "$defined" < "$template" > "$output"
done
exit 0
`

export const TUNE_WORKERS = `#!/bin/sh
set -eu

[ "\${NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE:-}" ] || exit 0
sed -i.bak -r "s/^worker_processes .*/worker_processes $(nproc);/" /etc/nginx/nginx.conf
`

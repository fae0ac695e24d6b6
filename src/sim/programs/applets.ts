import { su } from './accounts/su.ts'
import { sudo } from './accounts/sudo.ts'
import type { Applet } from './applet/applet.ts'
import { gzipApplet } from './archive/gzip-applets.ts'
import { tar } from './archive/tar-applet.ts'
import { awk } from './awk/awk.ts'
import {
  arch,
  clear,
  echo,
  falseApplet,
  nproc,
  printenv,
  printf,
  pwd,
  reset,
  sleep,
  sync,
  test,
  trueApplet,
  tty,
  uname,
  yes,
} from './coreutils/basics.ts'
import { cat } from './coreutils/cat.ts'
import { chmod, chown } from './coreutils/chmod.ts'
import { cmp, diff } from './coreutils/compare.ts'
import { cp } from './coreutils/cp.ts'
import { cut } from './coreutils/cut.ts'
import { date } from './coreutils/date.ts'
import { base64, checksum, hexdump, od, strings, xxd } from './coreutils/encodings.ts'
import { factor } from './coreutils/factor.ts'
import { find } from './coreutils/find.ts'
import { head } from './coreutils/head.ts'
import { env, groups, hostname, id, whoami } from './coreutils/identity.ts'
import { ln } from './coreutils/ln.ts'
import { ls } from './coreutils/ls.ts'
import { mkdir, rmdir } from './coreutils/mkdir.ts'
import { mv } from './coreutils/mv.ts'
import { basename, dirname, mktemp, readlink, realpath, which } from './coreutils/paths.ts'
import { rm } from './coreutils/rm.ts'
import { column, comm, expand, fold, join, nl, paste, rev, seq, tac, tee } from './coreutils/sequences.ts'
import { sort } from './coreutils/sort.ts'
import { stat } from './coreutils/stat.ts'
import { sums } from './coreutils/sums.ts'
import { tail } from './coreutils/tail.ts'
import { timeout } from './coreutils/timeout.ts'
import { touch } from './coreutils/touch.ts'
import { tr } from './coreutils/tr.ts'
import { tsort } from './coreutils/tsort.ts'
import { uniq } from './coreutils/uniq.ts'
import { wc } from './coreutils/wc.ts'
import { xargs } from './coreutils/xargs.ts'
import { curl } from './curl/curl.ts'
import { jq } from './jq/jq.ts'
import { exportfs, showmount } from './nfs/commands.ts'
import { kill, killall, pgrep, pidof, pkill, pstree } from './procps/kill.ts'
import { ps } from './procps/ps.ts'
import { sed } from './sed/sed.ts'
import { sshCopyId, sshKeygen } from './ssh/keys.ts'
import { scp } from './ssh/scp.ts'
import { ssh } from './ssh/ssh.ts'
import { findmnt, mount, mountpoint, umount } from './system/mount.ts'
import { chroot, lsns, nsenter, pivotRoot, unshare } from './system/namespaces.ts'
import { systemApplets } from './system-applets.ts'
import { grep } from './text/grep.ts'

/** Every small command by name, and where Debian keeps it. */
export const applets: Readonly<Record<string, { applet: Applet; folder: 'bin' | 'sbin' | 'usr/bin' | 'usr/sbin' }>> = {
  ...inFolder('bin', {
    cat,
    chgrp: chown,
    chmod,
    chown,
    cp,
    date,
    echo,
    egrep: grep,
    false: falseApplet,
    fgrep: grep,
    grep,
    gunzip: gzipApplet,
    gzip: gzipApplet,
    hostname,
    kill,
    ln,
    ls,
    mkdir,
    mktemp,
    mount,
    mountpoint,
    mv,
    ps,
    pwd,
    readlink,
    rm,
    rmdir,
    sed,
    sleep,
    su,
    sync,
    tar,
    touch,
    true: trueApplet,
    umount,
    uname,
    which,
    zcat: gzipApplet,
  }),
  ...inFolder('bin', systemApplets.bin),
  ...inFolder('sbin', { showmount, pivot_root: pivotRoot, ...systemApplets.sbin }),
  ...inFolder('usr/bin', systemApplets['usr/bin']),
  ...inFolder('usr/sbin', { chroot, exportfs, ...systemApplets['usr/sbin'] }),
  ...inFolder('usr/bin', {
    '[': test,
    arch,
    awk,
    base64,
    basename,
    cksum: sums,
    cmp,
    diff,
    factor,
    sum: sums,
    tsort,
    find,
    hd: hexdump,
    hexdump,
    md5sum: checksum,
    od,
    sha1sum: checksum,
    sha256sum: checksum,
    sha512sum: checksum,
    strings,
    xxd,
    clear,
    column,
    comm,
    curl,
    cut,
    findmnt,
    dirname,
    env,
    expand,
    fold,
    groups,
    head,
    id,
    join,
    jq,
    killall,
    lsns,
    mawk: awk,
    nl,
    nproc,
    nsenter,
    pgrep,
    pidof,
    pkill,
    pstree,
    paste,
    printenv,
    printf,
    realpath,
    reset,
    rev,
    seq,
    scp,
    sort,
    ssh,
    'ssh-copy-id': sshCopyId,
    'ssh-keygen': sshKeygen,
    sudo,
    stat,
    tac,
    tail,
    tee,
    test,
    timeout,
    tr,
    tty,
    uniq,
    unshare,
    wc,
    whoami,
    xargs,
    yes,
  }),
}

function inFolder<F extends string>(
  folder: F,
  named: Readonly<Record<string, Applet>>,
): Record<string, { applet: Applet; folder: F }> {
  return Object.fromEntries(Object.entries(named).map(([name, applet]) => [name, { applet, folder }]))
}

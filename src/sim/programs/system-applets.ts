import { ab } from './ab/ab.ts'
import { passwd } from './accounts/passwd.ts'
import type { Applet } from './applet/applet.ts'
import { bc } from './bc/bc.ts'
import { dd, envsubst, expr, file, install, tree, truncate } from './coreutils/more-files.ts'
import { shuf, split } from './coreutils/split.ts'
import { nano } from './editors/nano.ts'
import { vi } from './editors/vi.ts'
import { dig, host, nslookup } from './net-tools/dns.ts'
import { ip } from './net-tools/ip.ts'
import { nc, telnet } from './net-tools/nc.ts'
import { arp } from './net-tools/neighbours.ts'
import { ping } from './net-tools/ping.ts'
import { brctl, ifconfig, iptables, iptablesSave, netstat, route, ss } from './net-tools/tables.ts'
import { wget } from './net-tools/wget.ts'
import { openssl } from './openssl/openssl.ts'
import { apk, apt } from './packages/apt.ts'
import { pip } from './packages/pip.ts'
import { man, pager } from './pager/pager.ts'
import { free, top, uptime, watch } from './procps/load.ts'
import { stress, vmstat } from './procps/vmstat.ts'
import { python } from './python/python.ts'
import { getent, groupadd, useradd, userdel, usermod, who } from './system/accounts.ts'
import { df, du } from './system/disk.ts'
import { cal, dmesg, lsblk, lscpu, mkfifo, mknod, quiet, stty, sysctl } from './system/machine.ts'
import { crontab, lsmod, modprobe, swap } from './system/modules.ts'
import { nice, nohup, setsid, time } from './system/run-command.ts'
import { journalctl, service, systemctl } from './system/systemctl.ts'
import { getfattr, setfattr } from './system/xattr.ts'

/** Commands about the machine, its network and its accounts, by Debian's folder. */
export const systemApplets: Readonly<
  Record<'bin' | 'sbin' | 'usr/bin' | 'usr/sbin', Readonly<Record<string, Applet>>>
> = {
  bin: {
    dd,
    df,
    dmesg,
    ip,
    journalctl,
    lsblk,
    lsmod,
    more: pager,
    mknod,
    nc,
    netcat: nc,
    netstat,
    ping,
    ping6: ping,
    ss,
    stty,
    systemctl,
  },
  sbin: {
    ifconfig,
    iptables,
    'iptables-legacy': iptables,
    'iptables-nft': iptables,
    'iptables-save': iptablesSave,
    apk,
    insmod: modprobe,
    ldconfig: quiet,
    modprobe,
    rmmod: modprobe,
    swapoff: swap,
    swapon: swap,
    route,
    sysctl,
  },
  'usr/bin': {
    ab,
    apt,
    'apt-get': apt,
    bc,
    crontab,
    getfattr,
    less: pager,
    man,
    pip,
    pip3: pip,
    python,
    python3: python,
    setfattr,
    shuf,
    split,
    stress,
    vmstat,
    cal,
    dig,
    du,
    envsubst,
    expr,
    file,
    free,
    getent,
    host,
    install,
    openssl,
    lscpu,
    mkfifo,
    nano,
    nice,
    nohup,
    nslookup,
    passwd,
    setsid,
    telnet,
    time,
    top,
    tree,
    truncate,
    uptime,
    vi,
    view: vi,
    vim: vi,
    w: who,
    watch,
    wget,
    who,
  },
  'usr/sbin': {
    addgroup: groupadd,
    adduser: useradd,
    arp,
    brctl,
    deluser: userdel,
    groupadd,
    service,
    useradd,
    userdel,
    usermod,
  },
}

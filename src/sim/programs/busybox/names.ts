/** busybox's other names for applets. */
export const BUSYBOX_ONLY: Readonly<Record<string, string>> = { '[[': 'test' }

/** Links of a busybox userland, by folder, as alpine and the busybox image have them. */
export const BUSYBOX_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  bin: 'arch ash base32 base64 cat chgrp chmod chown cp date dd df dmesg dnsdomainname echo ed egrep false fgrep fsync getopt grep gunzip gzip hostname ionice kill link ln login ls mkdir mknod mktemp more mount mountpoint mv netstat nice pidof ping ping6 printenv ps pwd reformime rev rm rmdir run-parts sed setpriv sh sleep stat stty su sync tar touch true umount uname usleep watch zcat'.split(
    ' ',
  ),
  sbin: 'adjtimex arp fsck halt ifconfig ifdown ifup init insmod ip ipaddr iplink iprule iproute klogd losetup lsmod mkswap modinfo modprobe nameif pivot_root poweroff reboot rmmod route slattach swapoff swapon switch_root sysctl syslogd tunctl udhcpc watchdog'.split(
    ' ',
  ),
  'usr/bin':
    '[ [[ awk basename bc cal chvt cksum clear cmp comm crontab cut dc diff dirname du env expand expr factor find flock fold free fuser groups hd head hexdump hostid id install killall last less logger lsof lzcat md5sum mesg microcom mkfifo nc nl nohup nproc nsenter nslookup od paste pgrep pkill pmap printf pstree pwdx readlink realpath renice reset resize seq setsid sha1sum sha256sum sha3sum sha512sum shred shuf sort split strings sum tac tail tee test time timeout top tr traceroute tree truncate tsort tty unexpand uniq unlink unshare unxz unzip uptime uudecode uuencode vi vlock volname wc wget which who whoami xargs xxd yes'.split(
      ' ',
    ),
  'usr/sbin':
    'addgroup add-shell adduser arping brctl chpasswd chroot crond delgroup deluser fbset killall5 nologin powertop rdate readprofile sendmail setfont'.split(
      ' ',
    ),
}

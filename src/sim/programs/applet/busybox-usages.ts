/** Usage texts of busybox 1.36 applets, after the word `Usage: `. */
export const USAGES: Readonly<Record<string, string>> = {
  awk: `awk [OPTIONS] [AWK_PROGRAM] [FILE]...`,
  base64: `base64 [-d] [-w COL] [FILE]`,
  basename: `basename FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...`,
  cat: `cat [-nbvteA] [FILE]...`,
  chmod: `chmod [-Rcvf] MODE[,MODE]... FILE...`,
  chown: `chown [-Rhc]... USER[:[GRP]] FILE...`,
  chroot: `chroot NEWROOT [PROG ARGS]`,
  cp: `cp [-arPLHpfinlsTu] SOURCE DEST
or: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }`,
  cut: `cut {-b|c LIST | -f LIST [-d SEP] [-s]} [-D] [-O SEP] [FILE]...`,
  date: `date [OPTIONS] [+FMT] [[-s] TIME]`,
  dirname: `dirname FILENAME`,
  env: `env [-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]`,
  expr: `expr EXPRESSION`,
  find: `find [-HL] [PATH]... [OPTIONS] [ACTIONS]`,
  grep: `grep [-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...`,
  head: `head [OPTIONS] [FILE]...`,
  kill: `kill [-l] [-SIG] PID...`,
  killall: `killall [-lq] [-SIG] NAME...`,
  ln: `ln [-sfnbtv] [-S SUF] TARGET... LINK|DIR`,
  ls: `ls [-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...

List directory contents

	-1	One column output
	-a	Include names starting with .
	-A	Like -a, but exclude . and ..
	-x	List by lines
	-d	List directory names, not contents
	-L	Follow symlinks
	-H	Follow symlinks on command line
	-R	Recurse
	-p	Append / to directory names
	-F	Append indicator (one of */=@|) to names
	-l	Long format
	-i	List inode numbers
	-n	List numeric UIDs and GIDs instead of names
	-s	List allocated blocks
	-lc	List ctime
	-lu	List atime
	--full-time	List full date/time
	-h	Human readable sizes (1K 243M 2G)
	--group-directories-first
	-S	Sort by size
	-X	Sort by extension
	-v	Sort by version
	-t	Sort by mtime
	-tc	Sort by ctime
	-tu	Sort by atime
	-r	Reverse sort order
	-w N	Format N columns wide
	--color[={always,never,auto}]`,
  mkdir: `mkdir [-m MODE] [-p] DIRECTORY...`,
  mktemp: `mktemp [-dt] [-p DIR] [TEMPLATE]`,
  mount: `mount [OPTIONS] [-o OPT] DEVICE NODE`,
  mv: `mv [-finT] SOURCE DEST
or: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }`,
  nc: `nc [OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen`,
  nohup: `nohup PROG ARGS`,
  nslookup: `nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]`,
  od: `od [-aBbcDdeFfHhIiLlOovXx] [-t TYPE] [FILE]...`,
  pgrep: `pgrep [-flanovx] [-s SID|-P PPID|PATTERN]`,
  pidof: `pidof [NAME]...`,
  ping: `ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

	-4,-6		Force IP or IPv6 name resolution
	-c CNT		Send only CNT pings
	-s SIZE		Send SIZE data bytes in packets (default 56)
	-i SECS		Interval
	-A		Ping as soon as reply is received
	-t TTL		Set TTL
	-I IFACE/IP	Source interface or IP address
	-W SEC		Seconds to wait for the first response (default 10)
			(after all -c CNT packets are sent)
	-w SEC		Seconds until ping exits (default:infinite)
			(can exit earlier with -c CNT)
	-q		Quiet, only display output at start/finish
	-p HEXBYTE	Payload pattern`,
  ps: `ps [-o COL1,COL2=HEADER] [-T]`,
  readlink: `readlink [-fnv] FILE`,
  realpath: `realpath FILE...`,
  rm: `rm [-irf] FILE...`,
  rmdir: `rmdir [-p] DIRECTORY...`,
  sed: `sed [-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...
or: sed [-i[SFX]] [-nrE] CMD [FILE]...`,
  seq: `seq [-w] [-s SEP] [FIRST [INC]] LAST`,
  sleep: `sleep [N]...`,
  sort: `sort [-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...`,
  stat: `stat [-ltf] [-c FMT] FILE...`,
  su: `su [-lmp] [-s SH] [-] [USER [FILE ARGS]]`,
  tail: `tail [OPTIONS] [FILE]...`,
  tar: `tar c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...`,
  test: `test EXPRESSION ]`,
  timeout: `timeout [-s SIG] SECS PROG ARGS`,
  touch: `touch [-cham] [-d DATE] [-t DATE] [-r FILE] FILE...`,
  tr: `tr [-cds] STRING1 [STRING2]`,
  umount: `umount [-rlfda] FILESYSTEM|DIRECTORY`,
  uniq: `uniq [-cduiz] [-f,s,w N] [FILE [OUTFILE]]`,
  unshare: `unshare [OPTIONS] [PROG ARGS]`,
  vi: `vi [-c CMD] [-R] [-H] [FILE]...

Edit FILE

	-c CMD	Initial command to run ($EXINIT and ~/.exrc also available)
	-R	Read-only
	-H	List available features`,
  watch: `watch [-n SEC] [-t] PROG ARGS`,
  wc: `wc [-clwL] [FILE]...`,
  wget: `wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...`,
  which: `which [-a] COMMAND...`,
  xargs: `xargs [OPTIONS] [PROG ARGS]`,
}

import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NotesTerminal } from '../terminal.ts'

describe('From the process to the container', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('docker', { images: ['busybox', 'ubuntu', 'python:2.7-slim'] })
  })
  beforeEach(() => t.home())

  test('a container counts its processes from one; the host counts them among its own', async () => {
    await t.does(
      ['docker run -it --name first busybox /bin/sh', /\/ # $/],
      ['ps', /^ *PID +USER +TIME +COMMAND\n +1 root +0:00 \/bin\/sh\n +\d+ root +0:00 ps$/m],
      ['exit'],
      ['docker run -d --name count busybox sleep 1234'],
      ['docker exec count ps', /^ +1 root +0:00 sleep 1234$/m],
      ['ps -ef | grep "[s]leep 1234"', /^root +\d{3,} +/m],
      ['docker rm -f count first', 'count', 'first'],
    )
  })

  test('namespaces can be made by hand', async () => {
    await t.does(
      ['sudo unshare --pid --fork --mount-proc /bin/sh', /# $/],
      ['ps -ef', /^root +1 .* \/bin\/sh$/m, { never: 'sshd' }],
      ['exit'],
      ['sudo unshare --uts sh -c "hostname inside; hostname"', /^inside$/m],
      ['hostname', /^laptop$/m],
      ['sudo unshare --mount sh -c "mount -t tmpfs none /mnt; touch /mnt/here; ls /mnt"', /^here$/m],
      ['ls /mnt', { never: 'here' }],
      ['sudo unshare --net ip addr', /\blo\b/, { never: 'eth0' }],
      ['sudo unshare --ipc --user --map-root-user id -u', /^0$/m],
      ['lsns', /NS TYPE +NPROCS +PID USER +COMMAND/],
    )
  })

  test('what has no namespace is the host’s: its clock, its memory, its load', async () => {
    await t.does(
      ['date +%Y', /^2026$/m],
      ['docker run --rm --privileged busybox date -s "2031-05-06 07:08:09"', '2031'],
      ['date +%Y', /^2031$/m],
      ['sudo date -s "2026-11-21 08:10:00"', '2026'],
      ['docker run --rm busybox date -s "2031-05-06 07:08:09"', "can't set date: Operation not permitted"],
      ['grep MemTotal /proc/meminfo > host; docker run --rm -m 64m busybox grep MemTotal /proc/meminfo > inside'],
      ['cmp host inside && echo the same', 'the same'],
      ['docker run --rm -m 64m busybox top -b -n 1', /^Mem: \d{6,}K used/m],
    )
  })

  test('a control group of version 1 throttles a busy process', async () => {
    await t.does(
      ['sudo -i', /# $/],
      ['mount -t cgroup', /^cgroup on \/sys\/fs\/cgroup\/cpu(,cpuacct)? type cgroup/m],
      ['mkdir /sys/fs/cgroup/cpu/container'],
      ['ls /sys/fs/cgroup/cpu/container', 'cpu.cfs_period_us', 'cpu.cfs_quota_us', 'cpu.shares', 'tasks'],
      ['cat /sys/fs/cgroup/cpu/container/cpu.cfs_quota_us', /^-1$/m],
      ['cat /sys/fs/cgroup/cpu/container/cpu.cfs_period_us', /^100000$/m],
      ['while : ; do : ; done & top -d 1 -b -n 2 -p $! | tail -1', / (9\d|100)\.\d /],
      ['echo 20000 > /sys/fs/cgroup/cpu/container/cpu.cfs_quota_us; echo $! > /sys/fs/cgroup/cpu/container/tasks'],
      ['top -d 3 -b -n 2 -p $! | tail -1', / (19|2\d)\.\d /],
      ['kill %1; exit', /learner@laptop:~\$ $/],
      ['docker run -itd --name limited --cpu-period=100000 --cpu-quota=20000 ubuntu /bin/bash'],
      ["cat /sys/fs/cgroup/cpu/docker/$(docker inspect -f '{{.Id}}' limited)/cpu.cfs_quota_us", /^20000$/m],
      ["cat /sys/fs/cgroup/cpu/docker/$(docker inspect -f '{{.Id}}' limited)/cpu.cfs_period_us", /^100000$/m],
      ['docker rm -f limited'],
      ['docker run -it --rm --cpu-period=100000 --cpu-quota=20000 ubuntu /bin/bash', /root@[0-9a-f]{12}:\/# $/],
      ['exit'],
    )
  })

  test('an image is layers; a container writes into its own on top', async () => {
    await t.does(
      ['docker run -d --name sleeper ubuntu:latest sleep 3600', /^[0-9a-f]{64}$/m],
      ['docker image inspect ubuntu:latest', '"RootFS": {', '"Type": "layers"', /("sha256:[0-9a-f]{64}",?\s+){5}/],
      // AUFS is gone from today's kernels; overlay2 took its place.
      ['cat /sys/fs/aufs/si_972c6d361e6b32ba/br[0-9]*', 'No such file or directory'],
      ["docker inspect -f '{{.GraphDriver.Name}}' sleeper", /^overlay2$/m],
      ['mount | grep overlay', 'lowerdir=', 'upperdir=', 'workdir='],
      ['docker exec sleeper rm /etc/debian_version'],
      ['docker exec sleeper sh -c "echo mine > /root/new"'],
      ['docker diff sleeper', /^D \/etc\/debian_version$/m, /^A \/root\/new$/m],
      [
        "sudo ls -l $(docker inspect -f '{{.GraphDriver.Data.UpperDir}}' sleeper)/etc",
        /^c--------- .* 0, +0 .* debian_version$/m,
      ],
      ['docker rm -f sleeper'],
    )
  })

  test('a Dockerfile’s image is tagged, pushed, entered and committed', async () => {
    t.write(
      'hello/Dockerfile',
      `FROM python:2.7-slim
WORKDIR /app
ADD . /app
RUN pip install --trusted-host pypi.python.org -r requirements.txt
EXPOSE 80
ENV NAME World
CMD ["python", "app.py"]
`,
    )
    t.write(
      'hello/app.py',
      `from flask import Flask
import socket
import os

app = Flask(__name__)

@app.route('/')
def hello():
    html = "<h3>Hello {name}!</h3>" \\
           "<b>Hostname:</b> {hostname}<br/>"
    return html.format(name=os.getenv("NAME", "world"), hostname=socket.gethostname())

if __name__ == "__main__":
    app.run(host='0.0.0.0', port=80)
`,
    )
    t.write('hello/requirements.txt', 'Flask\n')
    await t.does(
      [
        'cd hello; docker build -t helloworld .',
        /Successfully installed .*Flask-1\.1\.4/,
        'naming to docker.io/library/helloworld:latest',
      ],
      ['docker run -d -p 4000:80 --name hello helloworld', /^[0-9a-f]{64}$/m],
      ['sleep 2'],
      ['curl -s http://localhost:4000/; echo', /<h3>Hello World!<\/h3><b>Hostname:<\/b> [0-9a-f]{12}<br\/>/],
      ['docker tag helloworld geektime/helloworld:v1'],
      // Without an account of that name, a registry refuses.
      ['docker push geektime/helloworld:v1', 'denied: requested access to the resource is denied'],
      ['docker exec -it hello /bin/sh', /# $/],
      ['touch test.txt; exit'],
      ['docker commit hello geektime/helloworld:v2', /^sha256:[0-9a-f]{64}$/m],
      ['docker run --rm geektime/helloworld:v2 ls', 'app.py', 'test.txt'],
      ['docker run --rm geektime/helloworld:v1 ls', { never: 'test.txt' }],
    )
    const pid = (await t.run("docker inspect --format '{{ .State.Pid }}' hello")).split('\n')[0]
    expect(Number(pid)).toBeGreaterThan(1)
    const link = (name: string) =>
      new RegExp(`^lrwxrwxrwx 1 root root 0 .* ${name} -> ${name.replace(/_.*/, '')}:\\[\\d+\\]$`, 'm')
    await t.does(
      [
        `sudo ls -l /proc/${pid}/ns`,
        /^total 0$/m,
        ...['cgroup', 'ipc', 'mnt', 'net', 'pid', 'pid_for_children', 'user', 'uts'].map(link),
      ],
      // exec enters the same namespaces.
      [`sudo readlink /proc/${pid}/ns/net; docker exec hello readlink /proc/1/ns/net`, /^(net:\[\d+\])\n\1$/m],
      [`sudo nsenter -t ${pid} --uts hostname`, /^[0-9a-f]{12}$/m],
      ['docker run -it --rm --net container:hello busybox ifconfig', /eth0/],
    )
  })

  test('a volume, and a bind mount that hides what was there until it goes', async () => {
    await t.does(
      ['docker run -d --name holder -v /test busybox sleep 3600'],
      ['docker volume ls', /^local +[0-9a-f]{64}$/m],
      ['docker exec holder touch /test/text.txt'],
      ["sudo ls $(docker inspect -f '{{(index .Mounts 0).Source}}' holder)", 'text.txt'],
      ['docker commit holder kept'],
      ['docker run --rm kept ls /test', { never: 'text.txt' }],
      ['docker rm -fv holder hello'],
      ['sudo mkdir /test; sudo touch /test/own'],
      ['sudo mount --bind /home /test; ls /test', 'learner', { never: 'own' }],
      ['ls -1id /home /test', /^ *(\d+) \/home\n *\1 \/test$/m],
      ['sudo umount /test; ls /test', /^own$/m],
    )
  })

  test('a root filesystem by hand: chroot, pivot_root, and the union that AUFS began', async () => {
    await t.does(
      ['sudo -i', /# $/],
      ['mkdir rootfs; docker export $(docker create busybox) | tar -xf - -C rootfs; ls rootfs', 'bin', 'etc'],
      ['chroot rootfs /bin/sh -c "ls /; cat /etc/passwd"', /^root:x:0:0:root:\/root:\/bin\/sh$/m, { never: 'learner' }],
      [
        'unshare -m sh -c "mount --bind rootfs rootfs; cd rootfs; mkdir -p old; pivot_root . old; ls -d /old/home/learner"',
        /^\/old\/home\/learner$/m,
      ],
      ['mkdir a b work union; echo a > a/x; echo b > b/y', { never: 'cannot' }],
      ['mount -t overlay overlay -o lowerdir=a,upperdir=b,workdir=work union; ls union', /^x +y$/m],
      ['rm union/x; ls union; ls -l b/x; cat a/x', /^c-+ 2 root root 0, 0 .* b\/x$/m, /^a$/m],
      // AUFS wrote a file beside it instead.
      ['umount union; ls -A union b', { never: '.wh.x' }],
      ['exit', /learner@laptop:~\$ $/],
    )
  })

  test('another’s namespaces can be entered; a control group limits memory', async () => {
    await t.does(
      ['docker run -d --name inner -h box busybox sleep 4321', /^[0-9a-f]{64}$/m],
      [
        "sudo nsenter -t $(docker inspect -f '{{.State.Pid}}' inner) -u -n -p -m sh -c 'hostname; ps'",
        /^box$/m,
        /^ +1 root +0:00 sleep 4321$/m,
      ],
      ['docker rm -f inner'],
      ['sudo -i', /# $/],
      ['mkdir /sys/fs/cgroup/memory/small; echo 16M > /sys/fs/cgroup/memory/small/memory.limit_in_bytes'],
      ['cat /sys/fs/cgroup/memory/small/memory.limit_in_bytes', /^16777216$/m],
      [
        "sh -c 'echo $$ > /sys/fs/cgroup/memory/small/tasks; head -c 100m /dev/zero | tail | wc -c'; dmesg | tail -1",
        /oom|Killed|Out of memory/i,
      ],
      ['exit', /learner@laptop:~\$ $/],
    )
  })
})

import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NotesTerminal } from '../terminal.ts'

describe('Docker, from the first container to a registry', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('docker')
  })

  beforeEach(() => t.home())

  test('a new machine: packages, addresses, becoming root', async () => {
    await t.does(
      ['sudo apt update', /Reading package lists/],
      // Git's package can be installed; that its commands are not simulated is said at once.
      ['sudo apt install -y git vim curl jq', 'Setting up git', 'not simulated: the commands of git'],
      ['sudo apt install -y openssh-server', /(Setting up|already the newest version)/],
      ['ip addr', 'inet 127.0.0.1/8', 'inet 192.168.10.100/24'],
      ['sudo -i', /root@laptop:~# $/],
      ['ls -l /etc/sudoers', /^-r--r-----/],
      ['chmod u+w /etc/sudoers; ls -l /etc/sudoers', /^-rw-r-----/],
      ['passwd', { prompt: /New password: $/ }],
      ['changeme', { prompt: /Retype new password: $/ }],
      ['changeme', 'passwd: password updated successfully'],
      ['exit', /learner@laptop:~\$ $/],
      ['su -', { prompt: /Password: $/ }],
      ['wrong', 'su: Authentication failure'],
      ['su -', { prompt: /Password: $/ }],
      ['changeme', /root@laptop:~# $/],
      ['exit', /learner@laptop:~\$ $/],
    )
  })

  test('Docker is installed, started, and its group joined', async () => {
    await t.does(
      ['sudo apt install -y docker.io', /(Setting up|already the newest version)/],
      ['sudo service docker start', { never: /rror|failed/ }],
      [`sudo usermod -aG docker \${USER}`, { never: /rror|usermod:/ }],
      ['id -nG learner', /\bdocker\b/],
      ['docker ps', /^CONTAINER ID +IMAGE +COMMAND +CREATED +STATUS +PORTS +NAMES\n/],
      ['docker pull busybox', 'Status: Downloaded newer image for busybox:latest', 'docker.io/library/busybox:latest'],
      ['docker images', /^busybox(:| +)latest/m],
    )
  })

  test('an isolated process sees only its own', async () => {
    await t.does(
      ['docker pull alpine', 'Status: Downloaded newer image for alpine:latest'],
      ['docker run -it alpine sh', /\/ # $/],
      ['cat /etc/os-release', 'NAME="Alpine Linux"'],
      ['ps -ef', /^ +1 root .* sh$/m, { never: 'dockerd' }],
      ['exit', /learner@laptop:~\$ $/],
      ['docker run -h srv alpine hostname', /^srv$/m],
      ['docker ps', { never: 'alpine' }],
      ['docker ps -a', /alpine +"hostname" .* Exited \(0\)/, /alpine +"sh" .* Exited \(0\)/],
    )
  })

  test('containers and images are listed, entered and removed', async () => {
    await t.does(
      ['docker pull redis', 'Status: Downloaded newer image for redis:latest'],
      ['docker rmi redis', 'Untagged: redis:latest', /^Deleted: sha256:/m],
      ['docker rmi redis', 'Error response from daemon: No such image: redis:latest'],
      ['docker run -d --name worker alpine sleep 1000', /^[0-9a-f]{64}$/m],
      ['docker exec worker hostname', /^[0-9a-f]{12}$/m],
      ['docker exec -it worker sh', /\/ # $/],
      ['exit'],
      ['docker rmi alpine', /conflict: unable to (remove repository reference|delete) .*alpine/],
      ['docker stop worker', /^worker$/m],
      ['docker ps', { never: 'worker' }],
      ['docker ps -a', /worker$/m],
      ['docker rm worker', /^worker$/m],
      ['docker ps -aq | xargs docker rm', /^[0-9a-f]{12}$/m],
      ['docker ps -aq', { never: /^[0-9a-f]{12}$/m }],
      ['docker images', 'alpine'],
      ['docker rmi $(docker images -q busybox | cut -c1-3)', 'Untagged: busybox:latest'],
      ['docker run -d --rm --name brief nginx:alpine', /^[0-9a-f]{64}$/m],
      ['docker stop brief'],
      ['docker ps -a', { never: 'brief' }],
    )
  })

  test('a Dockerfile: arguments, variables, copied files, a build context with its limits', async () => {
    t.write(
      'image/Dockerfile',
      `ARG IMAGE_BASE="alpine"
ARG IMAGE_TAG="3.15"
FROM \${IMAGE_BASE}:\${IMAGE_TAG}
ARG WHO=nobody
ENV PATH=$PATH:/tmp
ENV DEBUG=OFF
COPY ./a.txt /tmp/a.txt
COPY setup.sh /tmp/
RUN cd /tmp && chmod +x setup.sh \\
    && ./setup.sh && rm setup.sh
RUN echo "made for $WHO" > /made
WORKDIR /app
EXPOSE 443
EXPOSE 53/udp
CMD ["cat", "/made"]
`,
    )
    t.write('image/a.txt', 'in the context\n')
    t.write('image/setup.sh', '#!/bin/sh\necho ran > /tmp/result\n')
    t.write('image/.dockerignore', '*.swp\nnotes.txt\n')
    t.write('image/notes.txt', 'not for the image\n')
    t.write('image/Dockerfile.wrong', 'FROM alpine:3.15\nCOPY /etc/hosts /tmp\n')
    t.write('image/Dockerfile.ignored', 'FROM alpine:3.15\nCOPY notes.txt /tmp\n')
    await t.does(
      ['cd image'],
      ['docker build -t first:1 --build-arg WHO=you .', { never: /ERROR/ }],
      ['docker run --rm first:1', /^made for you$/m],
      ['docker run --rm first:1 cat /tmp/a.txt /tmp/result', 'in the context', 'ran'],
      ['docker run --rm first:1 env', 'DEBUG=OFF', /PATH=.*:\/tmp$/m, { never: 'WHO' }],
      ['docker run --rm first:1 pwd', /^\/app$/m],
      ["docker inspect -f '{{json .Config.ExposedPorts}}' first:1", '"443/tcp":{}', '"53/udp":{}'],
      ['docker history first:1', /COPY \.\/a\.txt/, /chmod/, 'buildkit.dockerfile.v0'],
      [
        'docker build -f Dockerfile.wrong .',
        'failed to calculate checksum of ref: "/etc/hosts": not found',
        '>>> COPY /etc/hosts /tmp',
      ],
      [
        'docker build -f Dockerfile.ignored .',
        'Attempting to Copy file "notes.txt" that is excluded by .dockerignore (line 2)',
        '"/notes.txt": not found',
      ],
      // The builder of the notes' time, which is still there.
      [
        'DOCKER_BUILDKIT=0 docker build -f Dockerfile.wrong .',
        'COPY failed: file not found in build context',
        'stat etc/hosts: file does not exist',
      ],
      ['cd ..'],
    )
  })

  test('images with Python, and one with packages: what a Dockerfile runs is really there', async () => {
    t.write('py/app.py', 'print("hello")\n')
    t.write(
      'py/Dockerfile',
      `FROM alpine:latest
WORKDIR /app
COPY app.py /app/
RUN apk add --no-cache python3
ENV MY_ENV_VAR=myvalue
EXPOSE 80
CMD ["python3", "app.py"]
`,
    )
    t.write(
      'apt/Dockerfile',
      `FROM ubuntu:bionic
RUN apt-get update \\
    && apt-get install -y \\
        build-essential \\
        curl \\
        make \\
        unzip \\
    && cd /tmp
`,
    )
    await t.does(
      ['docker build -t py:1 py', 'naming to docker.io/library/py:1'],
      ['docker run --rm py:1 sh -c "ls /app; echo \\$MY_ENV_VAR; python3 --version"', /^app\.py\nmyvalue\nPython 3/m],
      ['docker run --rm py:1', /^hello$/m],
      ["docker run --rm py:1 python3 -c 'print(1 + 1)'", /^2$/m],
      ["docker run --rm py:1 python3 -c 'import nothing'", "ModuleNotFoundError: No module named 'nothing'"],
      [
        'docker build -t tools apt',
        'naming to docker.io/library/tools:latest',
        'not simulated: the commands of build-essential',
      ],
      ['docker run --rm tools which curl', '/usr/bin/curl'],
    )
  })

  test('files are copied into a container and out of it, and a folder is shared', async () => {
    await t.does(
      ['echo mine > a.txt'],
      ['docker run -d --rm --name store redis', /^[0-9a-f]{64}$/m],
      ['docker cp a.txt store:/tmp', /^(Successfully copied .* to store:\/tmp)?/],
      ['docker exec store cat /tmp/a.txt', /^mine$/m],
      ['docker cp store:/tmp/a.txt ./b.txt'],
      ['cat b.txt', /^mine$/m],
      ['docker stop store'],
      ['docker run -d --rm --name store -v /tmp:/tmp redis', /^[0-9a-f]{64}$/m],
      ['echo shared > /tmp/seen'],
      ['docker exec -it store sh', /# $/],
      ['cat /tmp/seen; touch /tmp/from-inside; exit', 'shared'],
      ['ls /tmp', 'from-inside', 'seen'],
      ['docker stop store'],
      ['docker pull python:alpine', 'Status: Downloaded newer image for python:alpine'],
      ['cd py'],
      ['docker run -it --rm -v `pwd`:/tmp python:alpine sh', /# $/],
      ['cat /tmp/app.py; python3 --version', 'print("hello")', 'Python 3.12.1'],
      ['exit'],
      ['cd ..'],
    )
  })

  test('three networks, and ports of the host', async () => {
    await t.does(
      ['docker run -d --rm --net=host --name web nginx:alpine', /^[0-9a-f]{64}$/m],
      ['docker exec web ip addr', 'inet 192.168.10.100/24'],
      ['curl -s 127.0.0.1', 'Welcome to nginx!'],
      ['docker stop web'],
      ['docker run --rm --net=none alpine ip addr', 'inet 127.0.0.1/8', { never: 'eth0' }],
      ['docker run -d --rm --name web nginx:alpine'],
      ['docker run -d --rm --name store redis'],
      ['ip addr', /docker0/, 'inet 172.17.0.1/16'],
      ['docker exec web ip addr', /inet 172\.17\.0\.\d+\/16/],
      ['docker exec store ip addr', 'executable file not found in $PATH'],
      ['docker inspect store | grep IPAddress', /"IPAddress": "172\.17\.0\.\d+"/],
      ['ping -c 1 172.17.0.2', '1 packets transmitted, 1 received'],
      ['docker stop web store'],
      ['docker run -d -p 80:80 --rm --name one nginx:alpine'],
      ['docker run -d -p 8080:80 --rm --name two nginx:alpine'],
      ['docker ps', /0\.0\.0\.0:80->80\/tcp/, /0\.0\.0\.0:8080->80\/tcp/],
      ['curl -s 127.1:80', 'Welcome to nginx!'],
      ['curl -s 127.1:8080 -I', 'Server: nginx/'],
      ['docker run -d -p 80:80 --rm nginx:alpine', /port is already allocated/],
      ['docker stop one two'],
      ['curl -sS 127.1:8080', 'Failed to connect'],
    )
  })

  test('a private registry keeps an image and gives it back', async () => {
    await t.does(
      ['docker pull registry', 'Status: Downloaded newer image for registry:latest'],
      ['docker run -d -p 5000:5000 registry', /^[0-9a-f]{64}$/m],
      ['docker tag nginx:alpine 127.0.0.1:5000/nginx:alpine'],
      ['docker push 127.0.0.1:5000/nginx:alpine', /alpine: digest: sha256:[0-9a-f]{64} size: \d+/],
      ['docker rmi 127.0.0.1:5000/nginx:alpine', 'Untagged: 127.0.0.1:5000/nginx:alpine'],
      ['docker pull 127.0.0.1:5000/nginx:alpine', '127.0.0.1:5000/nginx:alpine'],
      ['docker images', /127\.0\.0\.1:5000\/nginx(:| +)alpine/],
    )
    expect(await t.run('docker push 127.0.0.1:5001/nginx:alpine')).toMatch(/does not exist|tag|connection refused/)
  })
})

import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { NotesTerminal } from '../terminal.ts'

const OUT = 'export out="--dry-run=client -o yaml"'

describe('Kubernetes on one node: objects, Pods, jobs, configuration, WordPress', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('minikube')
  })
  beforeEach(() => t.home())

  test('the cluster answers, and kubectl shows how it asks', async () => {
    await t.does(
      ['source <(kubectl completion bash)'],
      ['kubectl version', 'Client Version: v1.36', 'Server Version: v1.36'],
      ['kubectl run ngx --image=nginx:alpine', 'pod/ngx created'],
      ['kubectl wait --for=condition=Ready pod/ngx', 'pod/ngx condition met'],
      ['kubectl get pod', /^ngx +1\/1 +Running +0 +/m],
      ['kubectl get node', /^minikube +Ready +control-plane +\S+ +v1\.36/m],
      ['kubectl get pod -n kube-system', /NAME +READY|No resources found/],
      [
        'kubectl api-resources',
        /^NAME +SHORTNAMES +APIVERSION +NAMESPACED +KIND\n/,
        /^cronjobs +cj +batch\/v1 +true +CronJob$/m,
        /^namespaces +ns +v1 +false +Namespace$/m,
        /^ingresses +ing +networking\.k8s\.io\/v1 +true +Ingress$/m,
      ],
      [
        'kubectl get pod --v=9',
        'curl -v -XGET',
        "'https://192.168.49.2:8443/api/v1/namespaces/default/pods?limit=500'",
        '"Response Body"',
      ],
    )
  })

  test('a Pod from a file, explained and outlined', async () => {
    t.write(
      'ngx-pod.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: ngx-pod, labels: {env: demo, owner: chrono}}
spec:
  containers:
  - {image: "nginx:alpine", name: ngx, ports: [{containerPort: 80}]}
`,
    )
    await t.does(
      ['kubectl apply -f ngx-pod.yml', 'pod/ngx-pod created'],
      ['kubectl delete -f ngx-pod.yml', 'pod "ngx-pod" deleted'],
      ['kubectl explain pod', /^KIND: +Pod\nVERSION: +v1\n/, 'spec\t<PodSpec>', 'status\t<PodStatus>'],
      ['kubectl explain pod.metadata', 'FIELD: metadata <ObjectMeta>', 'labels\t<map[string]string>'],
      ['kubectl explain pod.spec', 'FIELD: spec <PodSpec>', 'containers\t<[]Container> -required-'],
      ['kubectl explain pod.spec.containers', 'FIELD: containers <[]Container>', 'image\t<string>'],
      ['kubectl run ngx --image=nginx:alpine --dry-run=client -o yaml', /^apiVersion: v1\nkind: Pod\n/],
      [OUT],
      ['kubectl run ngx --image=nginx:alpine $out', 'run: ngx', 'image: nginx:alpine', 'restartPolicy: Always'],
      ['kubectl apply -f ngx-pod.yml', 'pod/ngx-pod created'],
      ['kubectl wait --for=condition=Ready pod/ngx-pod', 'condition met'],
    )
  })

  test('a Pod that says its variables and ends again and again; files and shells of the other', async () => {
    t.write(
      'busy-pod.yml',
      `apiVersion: v1
kind: Pod
metadata:
  name: busy-pod
  labels: {owner: chrono, env: demo, region: north, tier: back}
spec:
  containers:
  - image: busybox:latest
    name: busy
    imagePullPolicy: IfNotPresent
    env: [{name: os, value: "ubuntu"}, {name: debug, value: "on"}]
    command: [/bin/echo]
    args: ["$(os), $(debug)"]
`,
    )
    await t.does(
      ['kubectl apply -f busy-pod.yml', 'pod/busy-pod created'],
      ['sleep 15'],
      ['kubectl logs busy-pod', /^ubuntu, on$/m],
      ['kubectl get pod', /^busy-pod +0\/1 +(Completed|CrashLoopBackOff) +\d/m],
      ['kubectl describe pod busy-pod', /Reason: +Completed/, 'Back-off restarting failed container', /os: +ubuntu/],
      ['kubectl delete -f busy-pod.yml', 'pod "busy-pod" deleted'],
      ["echo 'aaa' > a.txt"],
      ['kubectl cp a.txt ngx-pod:/tmp'],
      ['kubectl exec -it ngx-pod -- sh', /\/ # $/],
      ['cat /tmp/a.txt', /^aaa$/m],
      ['exit', /learner@laptop:~\$ $/],
      ['kubectl delete pod ngx ngx-pod', 'pod "ngx" deleted', 'pod "ngx-pod" deleted'],
    )
  })

  test('a Job, and one whose Pods come two by two', async () => {
    const job = (name: string, spec: string, container: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: ${name}}
spec:
${spec}  template:
    spec:
      restartPolicy: OnFailure
      containers:
      - {image: busybox, name: echo-job, imagePullPolicy: IfNotPresent, ${container}}
`
    t.write('job.yml', job('echo-job', '', 'command: ["/bin/echo"], args: ["hello", "world"]'))
    t.write(
      'sleep-job.yml',
      job(
        'sleep-job',
        '  activeDeadlineSeconds: 60\n  backoffLimit: 2\n  completions: 4\n  parallelism: 2\n',
        'command: [sh, -c, sleep $(($RANDOM % 10 + 1)) && echo done]',
      ),
    )
    await t.does(
      [OUT],
      ['kubectl create job echo-job --image=busybox $out', /^kind: Job$/m, /^apiVersion: batch\/v1$/m],
      ['kubectl apply -f job.yml', 'job.batch/echo-job created'],
      ['kubectl wait --for=condition=Complete job/echo-job', 'condition met'],
      ['kubectl get job', /^echo-job +Complete +1\/1 +/m],
      ['kubectl get pod', /^echo-job-\w{5} +0\/1 +Completed +0 +/m],
      ['kubectl logs job/echo-job', /^hello world$/m],
      ['kubectl apply -f sleep-job.yml', 'job.batch/sleep-job created'],
      ['kubectl get pod -w > watched & sleep 40; kill $!'],
      ['cat watched', /^sleep-job-\w{5} +0\/1 +ContainerCreating/m, /^sleep-job-\w{5} +0\/1 +Completed/m],
      ['kubectl get job sleep-job', /^sleep-job +Complete +4\/4 +/m],
      ['kubectl delete -f job.yml -f sleep-job.yml', 'job.batch "echo-job" deleted'],
    )
  })

  test('a CronJob runs every minute', async () => {
    t.write(
      'cj.yml',
      `apiVersion: batch/v1
kind: CronJob
metadata: {name: echo-cj}
spec:
  schedule: '*/1 * * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - {image: busybox, name: echo-cj, imagePullPolicy: IfNotPresent, command: ["/bin/echo"], args: ["hello", "world"]}
`,
    )
    await t.does(
      [OUT],
      ['kubectl create cj echo-cj --image=busybox --schedule="" $out', /^kind: CronJob$/m, /schedule: ""/],
      ['kubectl apply -f cj.yml', 'cronjob.batch/echo-cj created'],
      ['sleep 130'],
      ['kubectl get cj', /^echo-cj +\*\/1 \* \* \* \* +<none> +False +0 +/m],
      ['kubectl get pod', /(^echo-cj-\d+-\w{5} +0\/1 +Completed.*\n){2}/m],
      ['kubectl delete cj echo-cj', 'cronjob.batch "echo-cj" deleted'],
    )
  })

  test('a ConfigMap and a Secret, as variables and as files', async () => {
    t.write(
      'cm.yml',
      `apiVersion: v1
kind: ConfigMap
metadata: {name: info}
data:
  count: '10'
  debug: 'on'
  path: '/etc/systemd'
  greeting: |
    say hello to kubernetes.
`,
    )
    t.write(
      'secret.yml',
      `apiVersion: v1
kind: Secret
metadata: {name: user}
data: {name: cm9vdA==, pwd: MTIzNDU2, db: bXlzcWw=}
`,
    )
    const from = (variable: string, kind: string, name: string, key: string) =>
      `    - {name: ${variable}, valueFrom: {${kind}: {name: ${name}, key: ${key}}}}\n`
    t.write(
      'env-pod.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: env-pod}
spec:
  containers:
  - image: busybox
    name: busy
    imagePullPolicy: IfNotPresent
    command: ["/bin/sleep", "300"]
    env:
${from('COUNT', 'configMapKeyRef', 'info', 'count')}${from('GREETING', 'configMapKeyRef', 'info', 'greeting')}${from('USERNAME', 'secretKeyRef', 'user', 'name')}${from('PASSWORD', 'secretKeyRef', 'user', 'pwd')}`,
    )
    t.write(
      'vol-pod.yml',
      `apiVersion: v1
kind: Pod
metadata: {name: vol-pod}
spec:
  volumes:
  - {name: cm-vol, configMap: {name: info}}
  - {name: sec-vol, secret: {secretName: user}}
  containers:
  - image: busybox
    name: busy
    imagePullPolicy: IfNotPresent
    command: ["/bin/sleep", "300"]
    volumeMounts:
    - {mountPath: /tmp/cm-items, name: cm-vol}
    - {mountPath: /tmp/sec-items, name: sec-vol}
`,
    )
    await t.does(
      [OUT],
      // An empty ConfigMap's outline has no data.
      ['kubectl create cm info $out', /^kind: ConfigMap$/m, { never: /^data:/m }],
      ['kubectl apply -f cm.yml', 'configmap/info created'],
      ['kubectl get cm', /^info +4 +/m],
      ['kubectl describe cm info', /^count:\n----\n10\n/m, 'say hello to kubernetes.'],
      ['kubectl create secret generic user --from-literal=name=root $out', /^ {2}name: cm9vdA==$/m],
      ['kubectl apply -f secret.yml', 'secret/user created'],
      ['kubectl get secret', /^user +Opaque +3 +/m],
      ['kubectl describe secret user', /^pwd: +6 bytes$/m, { never: '123456' }],
      ['kubectl apply -f env-pod.yml', 'pod/env-pod created'],
      ['kubectl wait --for=condition=Ready pod/env-pod', 'condition met'],
      ['kubectl exec -it env-pod -- sh', /\/ # $/],
      ['echo $COUNT', /^10$/m],
      ['echo $GREETING', 'say hello to kubernetes.'],
      ['echo $USERNAME $PASSWORD', /^root 123456$/m],
      ['exit'],
      ['kubectl apply -f vol-pod.yml', 'pod/vol-pod created'],
      ['kubectl wait --for=condition=Ready pod/vol-pod', 'condition met'],
      ['kubectl get pod', /^vol-pod +1\/1 +Running/m],
      ['kubectl exec -it vol-pod -- sh', /\/ # $/],
      ['ls /tmp/cm-items /tmp/sec-items', /count +debug +greeting +path/, /db +name +pwd/],
      ['cat /tmp/sec-items/pwd; echo', /^123456$/m],
      ['exit'],
      ['kubectl delete pod env-pod vol-pod --now', 'pod "env-pod" deleted'],
    )
  })

  test('WordPress as two Pods, behind port-forward and a proxy', async () => {
    const pod = (name: string, role: string, image: string, port: number, prefix: string, map: string, data: string) =>
      `apiVersion: v1
kind: ConfigMap
metadata: {name: ${map}}
data: ${data}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: wordpress, role: ${role}}}
spec:
  containers:
  - image: ${image}
    name: ${name}
    imagePullPolicy: IfNotPresent
    ports: [{containerPort: ${port}}]
    envFrom: [{prefix: '${prefix}', configMapRef: {name: ${map}}}]
`
    t.write(
      'mariadb-pod.yml',
      pod(
        'maria-pod',
        'database',
        'mariadb:10',
        3306,
        'MARIADB_',
        'maria-cm',
        "{DATABASE: 'db', USER: 'wp', PASSWORD: '123', ROOT_PASSWORD: '123'}",
      ),
    )
    await t.does(
      ['kubectl apply -f mariadb-pod.yml', 'configmap/maria-cm created', 'pod/maria-pod created'],
      ['kubectl wait --for=condition=Ready pod/maria-pod', 'condition met'],
      ['sleep 20; kubectl get pod -o wide', /^maria-pod +1\/1 +Running .* minikube /m],
    )
    const host = /^maria-pod .*? (\d+\.\d+\.\d+\.\d+) /m.exec(await t.run('kubectl get pod -o wide'))![1]
    t.write(
      'wp-pod.yml',
      pod(
        'wp-pod',
        'website',
        'wordpress:5',
        80,
        'WORDPRESS_DB_',
        'wp-cm',
        `{HOST: '${host}', USER: 'wp', PASSWORD: '123', NAME: 'db'}`,
      ),
    )
    t.write(
      '/tmp/proxy.conf',
      `server {
  listen 80;
  default_type text/html;

  location / {
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_pass http://127.0.0.1:8080;
  }
}
`,
    )
    await t.does(
      ['kubectl apply -f wp-pod.yml', 'configmap/wp-cm created', 'pod/wp-pod created'],
      ['kubectl wait --for=condition=Ready pod/wp-pod', 'condition met'],
      ['kubectl get pod -o wide', /^wp-pod +1\/1 +Running +0 +/m],
      ['kubectl port-forward wp-pod 8080:80 &', /^\[1\] \d+$/m],
      ['sleep 1', 'Forwarding from 127.0.0.1:8080 -> 80'],
      ['curl -sI http://127.0.0.1:8080/', /HTTP\/1\.1 302 Found/, /Location: .*\/wp-admin\/install\.php/],
      [
        'docker run -d --rm \\\n    --net=host \\\n    -v /tmp/proxy.conf:/etc/nginx/conf.d/default.conf \\\n    nginx:alpine',
        /[0-9a-f]{64}/,
      ],
      ['curl -sL http://127.0.0.1/wp-admin/install.php', /WordPress/],
      ['fg', { prompt: /kubectl port-forward wp-pod 8080:80/ }],
    )
    expect(await t.press('\u0003')).toContain('learner@')
    await t.does(
      ['curl -sS http://127.0.0.1:8080/', 'Failed to connect'],
      ['curl -s http://127.0.0.1/', '502 Bad Gateway'],
    )
  })
})

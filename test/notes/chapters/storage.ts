import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { NotesTerminal } from '../terminal.ts'

/** The learner's own machine serves the files; on the notes' network it was 192.168.10.208. */
const SERVER = '192.168.10.100'

const claim = (name: string, className: string, mode: string, size: string) => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec:
  storageClassName: ${className}
  accessModes: [${mode}]
  resources: {requests: {storage: ${size}}}
`
const volume = (name: string, className: string, mode: string, size: string, source: string) => `apiVersion: v1
kind: PersistentVolume
metadata: {name: ${name}}
spec:
  storageClassName: ${className}
  accessModes: [${mode}]
  capacity: {storage: ${size}}
  ${source}
`
const pod = (name: string, claimName: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  volumes: [{name: vol, persistentVolumeClaim: {claimName: ${claimName}}}]
  containers:
  - {name: ngx, image: "nginx:alpine", ports: [{containerPort: 80}], volumeMounts: [{name: vol, mountPath: /tmp}]}
`
const redis = (name: string, service: string, more = '', container = '') => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${service}
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
${more}  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - image: redis:5-alpine
        name: redis
        ports: [{containerPort: 6379}]
${container}`

describe('Volumes and StatefulSets', () => {
  let t: NotesTerminal
  beforeAll(async () => {
    t = await NotesTerminal.open('two-node')
  })
  beforeEach(() => t.home())

  test('a volume of a node’s folder: bound to a claim of less, too small for one of more', async () => {
    t.write(
      'host-path-pv.yml',
      volume('host-10m-pv', 'host-test', 'ReadWriteOnce', '10Mi', 'hostPath: {path: /tmp/host-10m-pv/}'),
    )
    t.write('host-path-pvc.yml', claim('host-5m-pvc', 'host-test', 'ReadWriteOnce', '5Mi'))
    t.write('host-100m-pvc.yml', claim('host-100m-pvc', 'host-test', 'ReadWriteOnce', '100Mi'))
    t.write('host-path-pod.yml', pod('host-pvc-pod', 'host-5m-pvc'))
    await t.does(
      ['ssh worker mkdir -p /tmp/host-10m-pv'],
      ['kubectl apply -f host-path-pv.yml', 'persistentvolume/host-10m-pv created'],
      ['kubectl get pv', /^host-10m-pv +10Mi +RWO +Retain +Available +host-test +/m],
      ['kubectl apply -f host-path-pvc.yml', 'persistentvolumeclaim/host-5m-pvc created'],
      ['kubectl get pvc', /^host-5m-pvc +Bound +host-10m-pv +10Mi +RWO +host-test +/m],
      ['kubectl get pv', /^host-10m-pv +10Mi +RWO +Retain +Bound +default\/host-5m-pvc +host-test +/m],
      ['kubectl apply -f host-100m-pvc.yml', 'created'],
      ['sleep 20; kubectl get pvc', /^host-100m-pvc +Pending +host-test +/m],
      ['kubectl delete -f host-100m-pvc.yml', 'persistentvolumeclaim "host-100m-pvc" deleted'],
      ['kubectl apply -f host-path-pod.yml', 'pod/host-pvc-pod created'],
      ['kubectl wait --for=condition=Ready pod/host-pvc-pod', 'condition met'],
      ['kubectl get pod -o wide', /^host-pvc-pod +1\/1 +Running .* worker /m],
      ['kubectl exec -it host-pvc-pod -- sh', /\/ # $/],
      ['cd /tmp'],
      ['echo aaa > a.txt'],
      ['cat a.txt', /^aaa$/m],
      ['exit'],
      ['ssh worker cat /tmp/host-10m-pv/a.txt', /^aaa$/m],
      ['kubectl delete pod host-pvc-pod --now', 'pod "host-pvc-pod" deleted'],
    )
  })

  test('an NFS server, exported and mounted by hand', async () => {
    t.write('exports', '/tmp/nfs 192.168.10.0/24(rw,sync,no_subtree_check,no_root_squash,insecure)\n')
    await t.does(
      ['sudo apt -y install nfs-kernel-server', /Setting up nfs-kernel-server|already the newest version/],
      ['mkdir -p /tmp/nfs'],
      ['sudo cp exports /etc/exports'],
      ['sudo exportfs -ra', { never: /exportfs:/ }],
      ['sudo exportfs -v', /\/tmp\/nfs[^(]*192\.168\.10\.0\/24\(.*rw.*\)/s],
      ['sudo systemctl start nfs-server'],
      ['sudo systemctl enable nfs-server'],
      ['sudo systemctl status nfs-server | cat', /Active: active/],
      ['showmount -e 127.0.0.1', /^Export list for 127\.0\.0\.1:\n\/tmp\/nfs 192\.168\.10\.0\/24$/m],
      ['ssh root@worker apt -y install nfs-common', /Setting up nfs-common|already the newest version/],
      [`ssh worker showmount -e ${SERVER}`, '/tmp/nfs 192.168.10.0/24'],
      ['ssh worker mkdir -p /tmp/test'],
      [`ssh worker sudo mount -t nfs ${SERVER}:/tmp/nfs /tmp/test`, { never: /mount/ }],
      ['ssh worker touch /tmp/test/x.yml'],
      ['ls /tmp/nfs', /x\.yml/],
      ['ssh worker sudo umount /tmp/test'],
    )
  })

  test('an NFS volume made by hand', async () => {
    t.write(
      'nfs-static-pv.yml',
      volume('nfs-1g-pv', 'nfs', 'ReadWriteMany', '1Gi', `nfs: {path: /tmp/nfs/1g-pv, server: ${SERVER}}`),
    )
    t.write(
      'pod.yml',
      `${claim('nfs-static-pvc', 'nfs', 'ReadWriteMany', '1Gi')}---\n${pod('nfs-static-pod', 'nfs-static-pvc')}`,
    )
    await t.does(
      ['mkdir /tmp/nfs/1g-pv'],
      ['kubectl apply -f nfs-static-pv.yml', 'persistentvolume/nfs-1g-pv created'],
      ['kubectl get pv nfs-1g-pv', /^nfs-1g-pv +1Gi +RWX +Retain +Available +nfs +/m],
      ['kubectl apply -f pod.yml', 'persistentvolumeclaim/nfs-static-pvc created', 'pod/nfs-static-pod created'],
      ['kubectl wait --for=condition=Ready pod/nfs-static-pod', 'condition met'],
      ['kubectl get pod', /^nfs-static-pod +1\/1 +Running/m],
      ['kubectl exec -it nfs-static-pod -- sh', /\/ # $/],
      ['touch /tmp/from-pod; exit'],
      ['ls /tmp/nfs/1g-pv', 'from-pod'],
    )
  })

  test('volumes made on demand by the provisioner', async () => {
    t.write('rbac.yaml', manifest('nfs-provisioner-rbac.yaml'))
    t.write(
      'class.yaml',
      `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nfs-client}
provisioner: k8s-sigs.io/nfs-subdir-external-provisioner
parameters: {archiveOnDelete: "false"}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: nfs-client-retained}
provisioner: k8s-sigs.io/nfs-subdir-external-provisioner
parameters: {onDelete: "retain"}
`,
    )
    t.write('deployment.yaml', manifest('nfs-provisioner.yaml'))
    t.write('slipped.yaml', manifest('nfs-provisioner.yaml').replace('path: /tmp/nfs', 'Path: /tmp/nfs'))
    t.write(
      'dyn.yml',
      `${claim('nfs-dyn-10m-pvc', 'nfs-client', 'ReadWriteMany', '10Mi')}---\n${pod('nfs-dyn-pod', 'nfs-dyn-10m-pvc')}`,
    )
    await t.does(
      // As printed, with a capital P, it is no field.
      [
        'kubectl apply -f slipped.yaml',
        /strict decoding error: unknown field "spec\.template\.spec\.volumes\[0\]\.nfs\.Path"/,
      ],
      ['kubectl apply -f rbac.yaml', 'serviceaccount/nfs-client-provisioner created'],
      ['kubectl apply -f class.yaml', 'storageclass.storage.k8s.io/nfs-client created'],
      ['kubectl apply -f deployment.yaml', 'deployment.apps/nfs-client-provisioner created'],
      ['kubectl rollout status deploy -n kube-system nfs-client-provisioner', 'successfully rolled out'],
      ['kubectl get deploy -n kube-system', /^nfs-client-provisioner +1\/1 /m],
      ['kubectl get sc', /^nfs-client +k8s-sigs\.io\/nfs-subdir-external-provisioner +Delete +Immediate +false/m],
      ['kubectl apply -f dyn.yml', 'persistentvolumeclaim/nfs-dyn-10m-pvc created', 'pod/nfs-dyn-pod created'],
      ['kubectl wait --for=condition=Ready pod/nfs-dyn-pod', 'condition met'],
      ['kubectl get pvc nfs-dyn-10m-pvc', /^nfs-dyn-10m-pvc +Bound +pvc-[0-9a-f-]{36} +10Mi +RWX +nfs-client +/m],
      ['ls /tmp/nfs', /default-nfs-dyn-10m-pvc-pvc-[0-9a-f-]{36}/],
      ['kubectl delete pod nfs-static-pod nfs-dyn-pod --now', 'pod "nfs-dyn-pod" deleted'],
    )
  })

  test('a StatefulSet gives its Pods names that stay', async () => {
    t.write('redis-sts.yml', redis('redis-sts', 'redis-svc'))
    t.write(
      'redis-svc.yml',
      `apiVersion: v1
kind: Service
metadata: {name: redis-svc}
spec:
  selector: {app: redis-sts}
  ports: [{port: 6379, protocol: TCP, targetPort: 6379}]
`,
    )
    await t.does(
      ['kubectl apply -f redis-sts.yml', 'statefulset.apps/redis-sts created'],
      ['kubectl rollout status sts redis-sts', 'partitioned roll out complete: 2 new pods have been updated'],
      ['kubectl get sts', /^redis-sts +2\/2 +/m],
      ['kubectl get pod', /^redis-sts-0 +1\/1 .*\nredis-sts-1 +1\/1 /m],
      ['kubectl exec -it redis-sts-0 -- sh', /# $/],
      ['echo $HOSTNAME', /^redis-sts-0$/m],
      ['exit'],
      ['kubectl expose sts redis-sts --port=6379', 'cannot expose a StatefulSet.apps'],
      ['kubectl apply -f redis-svc.yml', 'service/redis-svc created'],
      ['kubectl get pod -o wide', /^redis-sts-1 .* 10\.10\.\d+\.\d+ /m],
      ['kubectl describe svc redis-svc', /^Endpoints: +10\.10\.\d+\.\d+:6379,10\.10\.\d+\.\d+:6379$/m],
      ['kubectl exec -it redis-sts-0 -- sh', /# $/],
      [
        'ping -c 2 redis-sts-0.redis-svc',
        /PING redis-sts-0\.redis-svc \(10\.10\.\d+\.\d+\)/,
        '2 packets received, 0% packet loss',
      ],
      ['ping -c 1 redis-sts-1.redis-svc.default.svc.cluster.local', '0% packet loss'],
      ['exit'],
      ['kubectl delete -f redis-sts.yml -f redis-svc.yml', 'statefulset.apps "redis-sts" deleted'],
    )
  })

  test('a StatefulSet keeps its Pods’ data', async () => {
    t.write(
      'redis-pv-sts.yml',
      redis(
        'redis-pv-sts',
        'redis-pv-svc',
        `  volumeClaimTemplates:
  - metadata: {name: redis-100m-pvc}
    spec: {storageClassName: nfs-client, accessModes: [ReadWriteMany], resources: {requests: {storage: 100Mi}}}
`,
        '        volumeMounts: [{name: redis-100m-pvc, mountPath: /data}]\n',
      ),
    )
    const cli = { prompt: /127\.0\.0\.1:6379> (\r\S*C)?$/ }
    await t.does(
      ['kubectl apply -f redis-pv-sts.yml', 'statefulset.apps/redis-pv-sts created'],
      ['kubectl rollout status sts redis-pv-sts', 'partitioned roll out complete'],
      ['kubectl get pvc', /^redis-100m-pvc-redis-pv-sts-0 +Bound .*\nredis-100m-pvc-redis-pv-sts-1 +Bound /m],
      ['kubectl exec -it redis-pv-sts-0 -- redis-cli', cli],
      ['set a 111', 'OK', cli],
      ['set b 222', 'OK', cli],
      ['quit', /learner@laptop:~\$ $/],
      ['kubectl delete pod redis-pv-sts-0', 'pod "redis-pv-sts-0" deleted'],
      [
        'kubectl rollout status sts redis-pv-sts; kubectl wait --for=condition=Ready pod/redis-pv-sts-0',
        'condition met',
      ],
      ['kubectl exec -it redis-pv-sts-0 -- redis-cli', cli],
      ['get a', '"111"', cli],
      ['keys *', '"a"', '"b"', cli],
      ['quit'],
      ['kubectl delete sts redis-pv-sts', 'statefulset.apps "redis-pv-sts" deleted'],
      ['kubectl get pvc', 'redis-100m-pvc-redis-pv-sts-0'],
    )
  })

  test('a StatefulSet whose class is missing waits; a volume of a kind that no node can mount says so', async () => {
    t.write('web.yml', WEB)
    t.write(
      'rbd.yml',
      `kind: PersistentVolume
apiVersion: v1
metadata: {name: pv-volume, labels: {type: local}}
spec:
  capacity: {storage: 10Gi}
  accessModes: [ReadWriteOnce]
  rbd: {monitors: ['10.16.154.78:6789'], pool: kube, image: foo, fsType: ext4, readOnly: true, user: admin, keyring: /etc/ceph/keyring}
`,
    )
    await t.does(
      ['kubectl apply -f web.yml', 'statefulset.apps/web created'],
      ['sleep 20; kubectl get pvc', /^www-web-0 +Pending +/m],
      ['kubectl get pod web-0', /^web-0 +0\/1 +Pending/m],
      ['kubectl apply -f rbd.yml', 'persistentvolume/pv-volume created'],
      ['sleep 20; kubectl get pvc www-web-0', /^www-web-0 +Bound +pv-volume +10Gi +RWO +/m],
    )
    expect(await t.run('kubectl get pod web-0')).not.toContain('1/1')
  })
})

const WEB = `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: "nginx"
  replicas: 2
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec:
      containers:
      - name: nginx
        image: nginx:1.9.1
        ports: [{containerPort: 80, name: web}]
        volumeMounts: [{name: www, mountPath: /usr/share/nginx/html}]
  volumeClaimTemplates:
  - metadata: {name: www}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`

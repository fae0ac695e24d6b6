import { beforeAll, describe, expect, test } from 'vitest'
import { manifest } from '../../support/manifest.ts'
import { begin, type Traffic } from '../world.ts'

const SERVER = '192.168.10.100'
const claim = (name: string, className: string, size = '10Mi', mode = 'ReadWriteMany') => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}}
spec: {storageClassName: ${className}, accessModes: [${mode}], resources: {requests: {storage: ${size}}}}
`
const storageClass = (name: string, parameters: string) => `---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: ${name}}
provisioner: k8s-sigs.io/nfs-subdir-external-provisioner
parameters: {${parameters}}
`
const STATIC = `apiVersion: v1
kind: PersistentVolume
metadata: {name: by-hand}
spec: {storageClassName: by-hand, accessModes: [ReadWriteMany], capacity: {storage: 1Gi}, nfs: {path: /tmp/nfs, server: ${SERVER}}}
`
const EVERYWHERE = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: everywhere}
spec:
  selector: {matchLabels: {app: everywhere}}
  template:
    metadata: {labels: {app: everywhere}}
    spec:
      tolerations: [{operator: Exists}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: shared}}]
      containers:
      - name: c
        image: busybox
        command: [sh, -c, 'echo from $NODE > /data/$NODE; sleep 9999']
        env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
        volumeMounts: [{name: data, mountPath: /data}]
`
const REDIS = `apiVersion: v1
kind: Service
metadata: {name: redis-svc}
spec: {clusterIP: None, selector: {app: redis-sts}, ports: [{port: 6379}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: redis-sts}
spec:
  serviceName: redis-svc
  replicas: 2
  selector: {matchLabels: {app: redis-sts}}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {storageClassName: deleting, accessModes: [ReadWriteMany], resources: {requests: {storage: 100Mi}}}
  template:
    metadata: {labels: {app: redis-sts}}
    spec:
      containers:
      - {name: redis, image: "redis:5-alpine", ports: [{containerPort: 6379}], volumeMounts: [{name: data, mountPath: /data}]}
`

describe('volumes', () => {
  let t: Traffic
  beforeAll(async () => {
    t = await begin('two-node')
  })

  test('NFS: an exported directory is mounted by another machine; what is not exported is refused', async () => {
    await t.run(`mkdir -p /tmp/nfs; echo '/tmp/nfs 192.168.10.0/24(rw,sync,no_root_squash)' | sudo tee /etc/exports`)
    const mount = (path: string) => t.run(`ssh root@worker mount -t nfs ${SERVER}:${path} /mnt`)
    expect(await mount('/tmp/nfs')).toContain('mount.nfs: Connection refused')
    await t.run('sudo exportfs -ra')
    expect(await t.run(`showmount -e 127.0.0.1; ssh worker showmount -e ${SERVER}`)).toMatch(
      /^Export list for 127.0.0.1:\n\/tmp\/nfs 192\.168\.10\.0\/24\nExport list for 192.168.10.100:\n\/tmp\/nfs 192/,
    )
    expect(await mount('/etc')).toContain(`mount.nfs: access denied by server while mounting ${SERVER}:/etc`)
    await mount('/tmp/nfs')
    await t.run('ssh root@worker "touch /mnt/seen; umount /mnt"')
    expect(await t.run('ls /tmp/nfs; rm /tmp/nfs/seen; ssh worker ls /mnt')).toBe('seen\n')
  })

  test('a volume made by hand is one folder on every node; its server is told to go, or admits others', async () => {
    await t.apply(`${STATIC}---\n${claim('shared', 'by-hand')}---\n${EVERYWHERE}`)
    await t.run('kubectl rollout status ds everywhere; sleep 1')
    const seen = await t.run(
      'for p in $(kubectl get pod -l app=everywhere -o name); do kubectl exec $p -- cat /data/master /data/worker; done',
    )
    expect(seen).toBe('from master\nfrom worker\nfrom master\nfrom worker\n')
    expect(await t.run('ssh worker mount; cat /tmp/nfs/worker')).toMatch(
      /192\.168\.10\.100:\/tmp\/nfs on \/var\/lib\/kubelet\/pods\/\S+\/volumes\/kubernetes\.io~nfs\/by-hand type nfs4 [\s\S]*from worker\n$/,
    )
    expect(await t.run('systemctl status nfs-kernel-server')).toMatch(
      /● nfs-server\.service[\s\S]*active \(exited\) since/,
    )
    await t.run(`echo '/tmp/nfs 10.9.0.0/16(rw)' | sudo tee /etc/exports; sudo exportfs -ra
kubectl delete pod -l app=everywhere --now; sleep 10`)
    expect(await t.run('ssh worker mount')).not.toContain('by-hand')
    expect(await t.run('kubectl describe pod -l app=everywhere')).toMatch(
      /FailedMount [\s\S]*MountVolume\.SetUp failed for volume "by-hand" : mount failed: exit status 32[\s\S]*access denied by server while mounting 192\.168\.10\.100:\/tmp\/nfs/,
    )
    await t.run(
      `sudo systemctl stop nfs-server; echo '/tmp/nfs 192.168.10.0/24(rw,no_root_squash)' | sudo tee /etc/exports`,
    )
    expect(await t.run(`systemctl status nfs-server; ssh worker showmount -e ${SERVER}`)).toMatch(
      /inactive \(dead\)[\s\S]*clnt_create: RPC: Port mapper failure/,
    )
    await t.run('sudo systemctl start nfs-server; sudo exportfs -ra; kubectl rollout status ds everywhere')
    await t.run(
      'kubectl delete ds everywhere --now; kubectl delete pvc shared; kubectl delete pv by-hand; rm -rf /tmp/nfs/*',
    )
  })

  test('a claim waits for its provisioner; what becomes of its directory is the class’s choice', async () => {
    await t.apply(
      ['deleting', 'archived', 'retained'].map((name) => claim(name, name)).join('') +
        storageClass('deleting', 'archiveOnDelete: "false"') +
        storageClass('archived', 'archiveOnDelete: "true"') +
        storageClass('retained', 'onDelete: retain'),
    )
    expect(await t.run('sleep 20; kubectl describe pvc retained')).toMatch(
      /Status: +Pending[\s\S]*Waiting for a volume to be created either by the external provisioner 'k8s-sigs.io\/nfs-subdir-external-provisioner' or manually/,
    )
    await t.apply(`${manifest('nfs-provisioner-rbac.yaml')}---\n${manifest('nfs-provisioner.yaml')}`)
    await t.run('kubectl rollout status -n kube-system deploy nfs-client-provisioner; sleep 15')
    expect(await t.run(`kubectl get pvc -o jsonpath='{.items[*].status.phase}'; ls /tmp/nfs`)).toMatch(
      /^Bound Bound Bounddefault-archived-pvc-\S+\ndefault-deleting-pvc-\S+\ndefault-retained-pvc-\S+\n$/,
    )
    await t.run('for d in /tmp/nfs/*; do echo kept > $d/note; done; kubectl delete pvc --all; sleep 10')
    expect(await t.run('ls /tmp/nfs; cat /tmp/nfs/*/note; kubectl get pv')).toMatch(
      /^archived-default-archived-pvc-\S+\ndefault-retained-pvc-\S+\nkept\nkept\nNo resources found\n$/,
    )
  })

  test('redis in a StatefulSet: a key outlives its Pod and the set, unsaved ones do not; a replica follows', async () => {
    await t.run('rm -rf /tmp/nfs/*')
    await t.apply(REDIS)
    const cli = (pod: number, command: string) => t.run(`kubectl exec redis-sts-${pod} -- redis-cli ${command}`)
    await t.run('kubectl rollout status sts redis-sts')
    await cli(0, 'set a 111')
    await cli(0, 'xadd s 1-1 job one')
    await cli(0, 'xgroup create s g 0')
    // Who waits for work gets it when it comes.
    expect(
      await t.run(
        `kubectl exec redis-sts-0 -- sh -c '(sleep 2; redis-cli rpush q late >/dev/null) & redis-cli blpop q 1; redis-cli blpop q 10'`,
      ),
    ).toBe('\nq\nlate\n')
    // A Pod that ends in order saves; a server that is killed loses what it had not saved yet.
    await t.run('kubectl delete pod redis-sts-0; kubectl wait --for=condition=Ready pod/redis-sts-0')
    expect(await cli(0, 'get a')).toBe('111\n')
    expect(await cli(0, "xreadgroup group g me streams s '>'")).toBe('s\n1-1\njob\none\n')
    await cli(0, 'set b 222')
    await t.run('ssh root@worker pkill -9 redis-server; sleep 5; kubectl wait --for=condition=Ready pod/redis-sts-0')
    expect(await cli(0, 'mget a b')).toBe('111\n\n')
    expect(await t.run('ls /tmp/nfs/default-data-redis-sts-0-*')).toBe('dump.rdb\n')
    // With the append-only file, it does not.
    await cli(0, 'config set appendonly yes')
    await cli(0, 'set b 222')
    expect(await t.run('sudo tail -n 3 /tmp/nfs/default-data-redis-sts-0-*/appendonly.aof')).toBe('b\r\n$3\r\n222\r\n')
    await cli(1, 'replicaof redis-sts-0.redis-svc 6379')
    await t.run('sleep 2')
    expect(await cli(1, 'get b')).toBe('222\n')
    expect(await cli(1, 'set b 3')).toContain("READONLY You can't write against a read only replica.")
    expect(await cli(0, 'info replication')).toMatch(/connected_slaves:1\r?\nslave0:ip=10\.10\.\S+,state=online/)
    await t.run('kubectl delete sts redis-sts; sleep 5')
    await t.apply(REDIS)
    await t.run('kubectl rollout status sts redis-sts')
    expect(await cli(0, 'get a')).toBe('111\n')
  })

  test('folders of a node: local and hostPath volumes lie on its own disk; a claim too large finds none', async () => {
    await t.apply(`apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: local-storage}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: local-storage
  local: {path: /mnt/disk}
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker]}]}]}}
${claim('fits', 'local-storage', '500Mi', 'ReadWriteOnce')}${claim('large', 'local-storage', '5Gi', 'ReadWriteOnce')}---
apiVersion: v1
kind: Pod
metadata: {name: writer}
spec:
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'echo local > /disk/f; echo folder > /folder/f; sleep 9999']
    volumeMounts: [{name: disk, mountPath: /disk}, {name: folder, mountPath: /folder}]
  volumes:
  - {name: disk, persistentVolumeClaim: {claimName: fits}}
  - {name: folder, hostPath: {path: /opt/folder, type: DirectoryOrCreate}}
---
apiVersion: v1
kind: Pod
metadata: {name: waiter}
spec:
  containers: [{name: c, image: busybox, command: [sleep, '9999'], volumeMounts: [{name: disk, mountPath: /disk}]}]
  volumes: [{name: disk, persistentVolumeClaim: {claimName: large}}]`)
    expect(await t.run('sleep 15; kubectl describe pod writer')).toContain(
      'MountVolume.SetUp failed for volume "disk" : path "/mnt/disk" does not exist',
    )
    await t.run('ssh root@worker mkdir /mnt/disk; kubectl wait --timeout=3m --for=condition=Ready pod/writer; sleep 1')
    expect(await t.run('ssh worker cat /mnt/disk/f /opt/folder/f')).toBe('local\nfolder\n')
    expect(await t.run('kubectl get pod waiter; kubectl describe pod waiter')).toMatch(
      /0\/1 +Pending[\s\S]*1 node\(s\) didn't find available persistent volumes to bind/,
    )
    await t.run('kubectl delete pod writer --now; kubectl delete pvc fits')
    expect(await t.run('kubectl get pv disk --no-headers; ssh worker cat /mnt/disk/f')).toMatch(
      /Retain +Released +default\/fits [\s\S]*\nlocal\n$/,
    )
  })
})

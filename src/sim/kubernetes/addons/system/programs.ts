import type { Process, Program } from '../../../linux/process.ts'
import { serveHttp } from '../../../programs/http/server.ts'
import { defer } from '../../../time/waiting.ts'
import type { Running } from '../../api/component.ts'
import type { ClusterRecords } from '../../network/dns-records.ts'
import { serveDns } from '../../network/dns-server.ts'
import { componentProgram } from './component-program.ts'
import { flanneld } from './flanneld.ts'
import { kubeProxy } from './kube-proxy.ts'

/** What the programs of the system Pods set going. */
export interface SystemComponents {
  apiServer(process: Process): Running
  controllers(): Running
  scheduler(): Running
  kubeProxy(process: Process): Running
  /** Lets the node's Pods reach the others' through a tunnel whose end here has the address. */
  flannel(process: Process, address: string | undefined): void
  /** The range of the node that the process runs on. */
  podCIDR(process: Process): string | undefined
  records: ClusterRecords
}

/** The executables of the images a cluster's own Pods run, by the names the images give them. */
export function systemPrograms(components: SystemComponents): [string, Program][] {
  return [
    [
      'etcd',
      componentProgram(
        () => ({ stop() {} }),
        ['etcdmain/etcd.go:73] Running: etcd', 'embed/serve.go:210] serving client traffic securely'],
      ),
    ],
    [
      'kube-apiserver',
      componentProgram(components.apiServer, [
        'options.go:228] external host was not specified, using the node address',
        'secure_serving.go:213] Serving securely on [::]:6443',
      ]),
    ],
    [
      'kube-controller-manager',
      componentProgram(components.controllers, [
        'controllermanager.go:196] "Starting" version="v1.36.2"',
        'leaderelection.go:260] successfully acquired lease kube-system/kube-controller-manager',
      ]),
    ],
    [
      'kube-scheduler',
      componentProgram(components.scheduler, [
        'server.go:154] "Starting Kubernetes Scheduler" version="v1.36.2"',
        'leaderelection.go:260] successfully acquired lease kube-system/kube-scheduler',
      ]),
    ],
    ['kube-proxy', kubeProxy(components)],
    ['flanneld', flanneld(components)],
    ['kindnetd', kindnetd(components)],
    ['coredns', coredns(components.records)],
  ]
}

/** minikube's Pod network for several nodes. */
const kindnetd = (components: SystemComponents): Program =>
  componentProgram(
    (process) => {
      components.flannel(process, undefined)
      return { stop() {} }
    },
    ['main.go:109] connected to apiserver: https://10.96.0.1:443', 'main.go:250] Handling nodes'],
  )

/** CoreDNS: DNS on 53, its health on 8080 and its readiness on 8181. */
function coredns(records: ClusterRecords): Program {
  return async (process) => {
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    const failed = (error: unknown) => stopped.reject(error)
    serveDns(process.net, { records, upstream: (name) => process.net.resolve(`${name}.`), chase: true }).catch(failed)
    for (const port of [8080, 8181]) serveOk(process, port).catch(failed)
    await process.print(
      '.:53\n[INFO] plugin/reload: Running configuration SHA512 = 591cf328cccc12bc490481273e738df59329c62c0b729d94e8b61db9961c2fa5f046dd37f1cf888b953814040d180f52594972691cd6ff41be96639138a43908\nCoreDNS-1.13.1\nlinux/amd64, go1.25.2, 1db4568\n',
    )
    return stopped.promise
  }
}

async function serveOk(process: Process, port: number): Promise<void> {
  const listener = process.net.listen({ port })
  for (;;) {
    const connection = await listener.accept()
    serveHttp(connection, () => ({ status: 200, headers: [['Content-Type', 'text/plain']], body: 'OK' })).catch(() =>
      connection.close(),
    )
  }
}

import type { Kernel } from '../../linux/kernel.ts'
import { ApiError } from './api-error.ts'
import type { PortBinding } from './host-config.ts'
import type { Attachment } from './network.ts'

export type PortMap = Record<string, PortBinding[] | null>

const FIRST_DYNAMIC = 32_768
const LAST_DYNAMIC = 60_999

/** Publishes containers' ports on the machine: DNAT for what comes in, docker-proxy for the machine itself. */
export class PublishedPorts {
  readonly #kernel: Kernel
  readonly #used = new Map<string, string>()
  #next = FIRST_DYNAMIC

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** Gives the bindings as they came out, and how to take them away. */
  publish(
    container: { name: string },
    attachment: Attachment,
    wanted: Record<string, PortBinding[]>,
  ): { ports: PortMap; close(): void } {
    const ports: PortMap = {}
    const undo: (() => void)[] = []
    const close = () => {
      for (const action of undo.splice(0).reverse()) action()
    }
    try {
      for (const [port, bindings] of Object.entries(wanted)) {
        ports[port] = []
        for (const { HostIp, HostPort } of bindings) {
          const [number = '', protocol = 'tcp'] = port.split('/')
          const hostPort = this.#reserve(HostIp, HostPort, protocol, container, attachment, undo)
          this.#redirect(HostIp, hostPort, protocol, attachment, number, undo)
          ports[port]!.push({ HostIp: HostIp || '0.0.0.0', HostPort: String(hostPort) })
          if (HostIp === '') ports[port]!.push({ HostIp: '::', HostPort: String(hostPort) })
        }
      }
    } catch (error) {
      close()
      throw error
    }
    return { ports, close }
  }

  #reserve(
    ip: string,
    wanted: string,
    protocol: string,
    container: { name: string },
    attachment: Attachment,
    undo: (() => void)[],
  ): number {
    const [first, last] = wanted.split('-').map(Number)
    const shown = ip || '0.0.0.0'
    const taken = (port: number) =>
      this.#used.has(`${shown}:${port}/${protocol}`) || this.#used.has(`0.0.0.0:${port}/${protocol}`)
    let port = first ?? 0
    if (wanted === '' || wanted === '0') {
      do {
        port = this.#next
        this.#next = this.#next >= LAST_DYNAMIC ? FIRST_DYNAMIC : this.#next + 1
      } while (taken(port))
    } else if (last !== undefined) while (taken(port) && port < last) port++
    const failed = `driver failed programming external connectivity on endpoint ${container.name} (${attachment.endpointId}): `
    if (taken(port)) throw new ApiError(500, `${failed}Bind for ${shown}:${port} failed: port is already allocated`)
    if (protocol === 'tcp' && this.#listening(port))
      throw new ApiError(
        500,
        `${failed}Error starting userland proxy: listen tcp4 ${shown}:${port}: bind: address already in use`,
      )
    const key = `${shown}:${port}/${protocol}`
    this.#used.set(key, container.name)
    undo.push(() => this.#used.delete(key))
    return port
  }

  #listening(port: number): boolean {
    return this.#kernel.namespaces.net.sockets.portInUse(port)
  }

  #redirect(
    ip: string,
    hostPort: number,
    protocol: string,
    attachment: Attachment,
    port: string,
    undo: (() => void)[],
  ): void {
    const { netfilter } = this.#kernel.namespaces.net
    const { bridge } = attachment.network
    const to = ip && ip !== '0.0.0.0' ? `-d ${ip}/32 ` : ''
    const add = (table: 'nat' | 'filter', chain: string, rule: string) => {
      netfilter.append(table, chain, rule)
      undo.push(() => {
        if (netfilter.exists(table, chain, rule)) netfilter.delete(table, chain, rule)
      })
    }
    add(
      'nat',
      'POSTROUTING',
      `-s ${attachment.ip}/32 -d ${attachment.ip}/32 -p ${protocol} -m ${protocol} --dport ${port} -j MASQUERADE`,
    )
    add(
      'nat',
      'DOCKER',
      `${to}! -i ${bridge} -p ${protocol} -m ${protocol} --dport ${hostPort} -j DNAT --to-destination ${attachment.ip}:${port}`,
    )
    add(
      'filter',
      'DOCKER',
      `-d ${attachment.ip}/32 ! -i ${bridge} -o ${bridge} -p ${protocol} -m ${protocol} --dport ${port} -j ACCEPT`,
    )
    if (protocol === 'tcp') undo.push(this.#proxy(ip, hostPort, attachment, Number(port)))
  }

  /** docker-proxy: a process that listens on the machine's port, for connections from the machine itself. */
  #proxy(ip: string, hostPort: number, attachment: Attachment, port: number): () => void {
    const address = ip || '0.0.0.0'
    const proxy = this.#kernel.spawn({
      argv: `/usr/bin/docker-proxy -proto tcp -host-ip ${address} -host-port ${hostPort} -container-ip ${attachment.ip} -container-port ${port}`.split(
        ' ',
      ),
      program: async (process) => {
        const listener = process.net.listen({ address, port: hostPort })
        for (;;) {
          const client = await listener.accept()
          void (async () => {
            try {
              const server = await process.net.connect({ address: attachment.ip, port })
              await Promise.all([copy(client, server), copy(server, client)])
              server.close()
            } catch {
              // The container does not listen: the client sees its connection closed.
            }
            client.close()
          })().catch(() => {})
        }
      },
      newSession: true,
    })
    return () => proxy.receive('SIGKILL')
  }
}

interface Stream {
  read(): Promise<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  finish(): void
}

async function copy(from: Stream, to: Stream): Promise<void> {
  for (;;) {
    const bytes = await from.read()
    if (bytes.length === 0) break
    await to.write(bytes)
  }
  to.finish()
}

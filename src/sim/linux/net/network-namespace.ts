/** Interfaces, routes, sockets and packet filter of a group of processes. */
export class NetworkNamespace {
  readonly id: number
  constructor(id: number) {
    this.id = id
  }
}

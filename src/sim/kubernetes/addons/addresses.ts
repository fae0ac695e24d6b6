import { formatAddress } from '../../linux/net/ipv4.ts'
import type { Process } from '../../linux/process.ts'

/** The addresses of a process's network namespace that others reach it by. */
export function addressesOf(process: Process): string[] {
  return process.system.network.interfaces.flatMap((card) =>
    card.type === 'loopback' ? [] : card.addresses.map(({ address }) => formatAddress(address)),
  )
}

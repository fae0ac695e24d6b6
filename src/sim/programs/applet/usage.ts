import { USAGES } from './busybox-usages.ts'

export const BUSYBOX_BANNER = 'BusyBox v1.36.1 (2026-11-21 02:22:58 UTC) multi-call binary.\n'

/** What a busybox applet prints when it is used wrongly. */
export function busyboxUsage(name: string): string {
  const text = USAGES[name]
  return `${BUSYBOX_BANNER}\n${text ? `Usage: ${text}` : `Usage: ${name} [OPTIONS] [ARGS]`}\n`
}

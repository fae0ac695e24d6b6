import type { Process } from '../../linux/process.ts'

export interface User {
  name: string
  uid: number
  gid: number
  comment: string
  home: string
  shell: string
}

export interface Group {
  name: string
  gid: number
  members: string[]
}

function lines(process: Process, path: string): string[][] {
  try {
    return process.files
      .readText(path)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(':'))
  } catch {
    // Without the file there are only numbers.
    return []
  }
}

export function users(process: Process): User[] {
  return lines(process, '/etc/passwd').map((f) => ({
    name: f[0]!,
    uid: Number(f[2]),
    gid: Number(f[3]),
    comment: f[4] ?? '',
    home: f[5] ?? '/',
    shell: f[6] ?? '/bin/sh',
  }))
}

export function groups(process: Process): Group[] {
  return lines(process, '/etc/group').map((f) => ({
    name: f[0]!,
    gid: Number(f[2]),
    members: (f[3] ?? '').split(',').filter(Boolean),
  }))
}

export const userByName = (process: Process, name: string): User | undefined =>
  users(process).find((user) => user.name === name)
export const userById = (process: Process, uid: number): User | undefined =>
  users(process).find((user) => user.uid === uid)
export const groupByName = (process: Process, name: string): Group | undefined =>
  groups(process).find((group) => group.name === name)
export const groupById = (process: Process, gid: number): Group | undefined =>
  groups(process).find((group) => group.gid === gid)

/** Remembers names, for long listings. */
export class Names {
  readonly #users: Map<number, string>
  readonly #groups: Map<number, string>

  constructor(process: Process) {
    this.#users = new Map(users(process).map((user) => [user.uid, user.name]))
    this.#groups = new Map(groups(process).map((group) => [group.gid, group.name]))
  }

  user(uid: number): string {
    return this.#users.get(uid) ?? String(uid)
  }

  group(gid: number): string {
    return this.#groups.get(gid) ?? String(gid)
  }
}

/** Supplementary groups of a user, the main one first. */
export function groupsOf(process: Process, user: User): number[] {
  const more = groups(process)
    .filter((group) => group.members.includes(user.name))
    .map((group) => group.gid)
  return [...new Set([user.gid, ...more])]
}

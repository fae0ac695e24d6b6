import type { Timer } from '../../time/event-queue.ts'
import type { ContainerConfig, Healthcheck } from '../images/config.ts'
import type { Container } from '../runtime/container.ts'
import type { HostConfig } from './host-config.ts'
import type { MountPoint } from './mount-points.ts'
import type { Attachment } from './network.ts'
import type { PortMap } from './ports.ts'

/** What a container wants of a network, whether it runs or not. */
export interface Endpoint {
  network: string
  aliases: string[]
  ip?: string
  links?: string[]
}

export interface HealthLog {
  Start: string
  End: string
  ExitCode: number
  Output: string
}

export interface HealthState {
  Status: 'starting' | 'healthy' | 'unhealthy'
  FailingStreak: number
  Log: HealthLog[]
}

/** A container as Docker knows it: the runtime's, with its configuration, networks and policies. */
export class DockerContainer {
  name: string
  readonly config: ContainerConfig
  readonly hostConfig: HostConfig
  readonly runtime: Container
  readonly mounts: readonly MountPoint[]
  /** As the user named it. */
  readonly imageName: string
  readonly endpoints = new Map<string, Endpoint>()
  readonly attachments = new Map<string, Attachment>()
  ports: PortMap = {}
  closePorts: (() => void) | undefined
  closeDns: (() => void) | undefined
  sandboxId = ''
  restartCount = 0
  /** Waits to be started again by its policy. */
  restarting = false
  /** Stopped by hand: the policy keeps still. */
  stoppedByHand = false
  restartTimer: Timer | undefined
  restartDelay = 0
  health: HealthState | undefined
  stopHealth: (() => void) | undefined
  removing = false
  /** Volumes were filled from the image. */
  volumesFilled = false
  networkError: string | undefined
  /** Told when it could not be started: those who are attached or wait. */
  readonly onStartFailure = new Set<() => void>()
  /** A step of BuildKit: no list and no event tells of it. */
  isInternal = false

  constructor(init: {
    name: string
    config: ContainerConfig
    hostConfig: HostConfig
    runtime: Container
    mounts: readonly MountPoint[]
    imageName: string
  }) {
    this.name = init.name
    this.config = init.config
    this.hostConfig = init.hostConfig
    this.runtime = init.runtime
    this.mounts = init.mounts
    this.imageName = init.imageName
  }

  get id(): string {
    return this.runtime.id
  }

  get status(): string {
    if (this.removing) return 'removing'
    if (this.restarting) return 'restarting'
    return this.runtime.status
  }

  get running(): boolean {
    return this.runtime.running
  }

  get healthcheck(): Healthcheck | undefined {
    const check = this.config.Healthcheck
    return check?.Test && check.Test.length > 0 && check.Test[0] !== 'NONE' ? check : undefined
  }

  /** Attributes of its events. */
  get attributes(): Record<string, string> {
    return { ...this.config.Labels, image: this.imageName, name: this.name }
  }
}

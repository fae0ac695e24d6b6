import type { Command } from '../../command.ts'

/** `kubectl create deployment` and its siblings. */
export const GENERATORS: readonly Command[] = []

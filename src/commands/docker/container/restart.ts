import { stopping } from './stopping.ts'

export const restart = stopping('restart', 'Restart one or more containers')

import { stopping } from './stopping.ts'

export const stop = stopping('stop', 'Stop one or more running containers')

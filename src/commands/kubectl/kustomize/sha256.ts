import { digestOf } from '../../../sim/containers/images/sha256.ts'

export const sha256Hex = (text: string) => digestOf(text).slice('sha256:'.length)

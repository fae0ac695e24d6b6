import type { LiveFigureName } from '../../../course/lesson/page.ts'
import { dashboard } from './dashboard.ts'
import type { LiveFigure } from './figure.ts'
import { rollout } from './rollout.ts'
import { service } from './service.ts'

export const liveFigures: Readonly<Record<LiveFigureName, LiveFigure>> = { rollout, service, dashboard }

import { humanDuration, humanSize } from '../../../sim/containers/units.ts'
import { rfc3339 } from '../../../sim/time/date.ts'
import { ellipsis, shortId } from './containers.ts'
import type { ListFormat, Row } from './list.ts'

export interface HistoryItem {
  Id: string
  Created: number
  CreatedBy: string
  Size: number
  Comment: string
}

export const HISTORY: ListFormat = {
  type: 'formatter.historyContext',
  headers: {
    ID: 'IMAGE',
    CreatedSince: 'CREATED',
    CreatedAt: 'CREATED AT',
    CreatedBy: 'CREATED BY',
    Size: 'SIZE',
    Comment: 'COMMENT',
  },
  table: '{{.ID}}\\t{{.CreatedSince}}\\t{{.CreatedBy}}\\t{{.Size}}\\t{{.Comment}}',
  quiet: '{{.ID}}',
}

export function historyRow(item: HistoryItem, options: { truncate: boolean; human: boolean; now: number }): Row {
  const by = item.CreatedBy.replace(/\t/g, ' ')
  return {
    ID: options.truncate && item.Id.startsWith('sha256:') ? shortId(item.Id) : item.Id,
    CreatedAt: rfc3339(item.Created * 1000),
    CreatedSince: options.human
      ? `${humanDuration(options.now - item.Created * 1000)} ago`
      : rfc3339(item.Created * 1000),
    CreatedBy: options.truncate ? ellipsis(by, 45) : by,
    Size: options.human ? humanSize(item.Size, 3) : String(item.Size),
    Comment: item.Comment,
  }
}

/** Event v1 ↔ events.k8s.io/v1: the same object, other names. */
const without = (object: any, names: readonly string[]) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !names.includes(key)))

export const eventsV1 = {
  toStorage(event: any) {
    const {
      regarding,
      note,
      deprecatedSource,
      deprecatedFirstTimestamp,
      deprecatedLastTimestamp,
      deprecatedCount,
      reportingController,
    } = event
    return {
      ...without(event, [
        'regarding',
        'note',
        'deprecatedSource',
        'deprecatedFirstTimestamp',
        'deprecatedLastTimestamp',
        'deprecatedCount',
        'reportingController',
      ]),
      apiVersion: 'v1',
      involvedObject: regarding ?? {},
      ...(note === undefined ? {} : { message: note }),
      source: deprecatedSource ?? {},
      ...(deprecatedFirstTimestamp ? { firstTimestamp: deprecatedFirstTimestamp } : {}),
      ...(deprecatedLastTimestamp ? { lastTimestamp: deprecatedLastTimestamp } : {}),
      ...(deprecatedCount ? { count: deprecatedCount } : {}),
      reportingComponent: reportingController ?? '',
    } as any
  },
  fromStorage(event: any) {
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent } = event
    return {
      ...without(event, [
        'involvedObject',
        'message',
        'source',
        'firstTimestamp',
        'lastTimestamp',
        'count',
        'reportingComponent',
      ]),
      apiVersion: 'events.k8s.io/v1',
      regarding: involvedObject,
      ...(message === undefined ? {} : { note: message }),
      deprecatedSource: source ?? {},
      ...(firstTimestamp ? { deprecatedFirstTimestamp: firstTimestamp } : {}),
      ...(lastTimestamp ? { deprecatedLastTimestamp: lastTimestamp } : {}),
      ...(count ? { deprecatedCount: count } : {}),
      reportingController: reportingComponent ?? '',
    } as any
  },
}

/** Users, groups and service accounts, each joined by commas. */
export function subjectCells(subjects: any[] = []): string[] {
  const of = (kind: string) => subjects.filter((s) => s.kind === kind)
  return [
    of('User')
      .map((s) => s.name)
      .join(', '),
    of('Group')
      .map((s) => s.name)
      .join(', '),
    of('ServiceAccount')
      .map((s) => `${s.namespace}/${s.name}`)
      .join(', '),
  ]
}

/** Subjects and the reference get their API group. */
export function defaultBinding(object: any): void {
  if (object.roleRef) object.roleRef.apiGroup ||= 'rbac.authorization.k8s.io'
  for (const subject of object.subjects ?? [])
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= 'rbac.authorization.k8s.io'
}

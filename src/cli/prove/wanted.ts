/** Which files of a course are to be proven: those under one of the given paths; no path, all of them. */
export const wantedFiles =
  (only: readonly string[]) =>
  (file: string): boolean =>
    only.length === 0 || only.some((part) => file.startsWith(part))

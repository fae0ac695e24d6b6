/** Text with everything volatile replaced. */
export function normalise(text: string | undefined): string

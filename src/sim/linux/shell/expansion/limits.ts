/** Characters of one word or value: what a shell would get of a small machine's memory. */
export const MAX_TEXT = 16 * 1024 * 1024

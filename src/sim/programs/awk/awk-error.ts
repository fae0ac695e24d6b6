/** What ends an awk program with a message. */
export class AwkError extends Error {}

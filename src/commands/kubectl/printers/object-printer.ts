/** Turns objects into text, one after the other. */
export interface ObjectPrinter {
  print(object: any): string
  /** What must still be written after the last object. */
  finish?(): string
}

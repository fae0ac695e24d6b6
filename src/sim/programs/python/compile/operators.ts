/** Operators by the number that their instructions carry; `/2` is Python 2's division. */
export const BINARY = ['+', '-', '*', '/', '//', '%', '**', '<<', '>>', '&', '|', '^', '@', '/2'] as const
export const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='] as const
export const UNARY = ['-', '+', '~'] as const

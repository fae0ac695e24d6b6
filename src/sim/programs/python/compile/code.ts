import type { Value } from '../objects/value.ts'
import type { Span } from '../syntax/syntax-error.ts'

/** The instructions; what each does stands in vm/instructions. */
export const OPERATIONS = [
  'CONST',
  'POP',
  'DUP',
  'DUP2',
  'ROT2',
  'ROT3',
  'ROT4',
  'LOAD_FAST',
  'STORE_FAST',
  'DELETE_FAST',
  'LOAD_CELL',
  'STORE_CELL',
  'DELETE_CELL',
  'PUSH_CELL',
  'LOAD_GLOBAL',
  'STORE_GLOBAL',
  'DELETE_GLOBAL',
  'LOAD_NAME',
  'STORE_NAME',
  'DELETE_NAME',
  'LOAD_CLASS_CELL',
  'BINARY',
  'INPLACE',
  'COMPARE',
  'UNARY',
  'NOT',
  'IS',
  'IN',
  'JUMP',
  'JUMP_IF_FALSE',
  'JUMP_IF_TRUE',
  'JUMP_IF_FALSE_OR_POP',
  'JUMP_IF_TRUE_OR_POP',
  'GET_ITER',
  'FOR_ITER',
  'BUSY',
  'BUILD_TUPLE',
  'BUILD_LIST',
  'BUILD_SET',
  'BUILD_MAP',
  'BUILD_SLICE',
  'BUILD_STRING',
  'FORMAT',
  'LIST_APPEND',
  'SET_ADD',
  'MAP_ADD',
  'LIST_EXTEND',
  'SET_UPDATE',
  'DICT_UPDATE',
  'DICT_MERGE',
  'LIST_TO_TUPLE',
  'UNPACK',
  'UNPACK_STAR',
  'LOAD_ATTR',
  'STORE_ATTR',
  'DELETE_ATTR',
  'LOAD_METHOD',
  'SUBSCRIPT',
  'STORE_SUBSCRIPT',
  'DELETE_SUBSCRIPT',
  'CALL',
  'CALL_METHOD',
  'CALL_KEYWORDS',
  'CALL_SPREAD',
  'MAKE_FUNCTION',
  'BUILD_CLASS',
  'RETURN',
  'YIELD',
  'DELEGATE',
  'GET_DELEGATE',
  'TRY',
  'TRY_WITH',
  'POP_BLOCK',
  'PUSH_EXCEPTION',
  'POP_EXCEPTION',
  'LOAD_EXCEPTION',
  'MATCH_EXCEPTION',
  'RAISE',
  'RERAISE',
  'WITH_ENTER',
  'WITH_EXIT',
  'IMPORT',
  'IMPORT_FROM',
  'IMPORT_STAR',
  'PRINT_VALUE',
  'PRINT2',
  'ASSERT_FAILS',
  'ANNOTATIONS',
  'HALT',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** The source that code comes from. */
export interface SourceFile {
  readonly name: string
  readonly lines: readonly string[]
  /** Code of the standard library and the like: left out of tracebacks. */
  readonly hidden: boolean
  readonly python2: boolean
}

/** A compiled body: of a module, a class, a function. */
export class Code {
  readonly name: string
  readonly qualname: string
  readonly source: SourceFile
  readonly line: number
  readonly operations: number[] = []
  readonly operands: number[] = []
  readonly spans: Span[] = []
  readonly constants: Value[] = []
  /** Attribute and global names. */
  readonly names: string[] = []
  readonly locals: string[] = []
  /** Variables that inner functions use. */
  readonly cells: string[] = []
  /** Variables of outer functions. */
  readonly frees: string[] = []
  /** Where a parameter is a cell: [local, cell]. */
  readonly cellParameters: [local: number, cell: number][] = []
  parameterCount = 0
  positionalOnly = 0
  keywordOnlyCount = 0
  vararg = -1
  kwarg = -1
  isGenerator = false
  /** Its names live in a map: modules and classes. */
  readonly named: boolean
  doc: string | undefined

  constructor(name: string, qualname: string, source: SourceFile, line: number, named: boolean) {
    this.name = name
    this.qualname = qualname
    this.source = source
    this.line = line
    this.named = named
  }
}

declare module 'sql.js/dist/sql-wasm-inline.js' {
  const initSqlJs: () => Promise<import('sql.js').SqlJsStatic>
  export default initSqlJs
}

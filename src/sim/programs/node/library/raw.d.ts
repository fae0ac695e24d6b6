/** A file's text: the build and the test runner read it in. */
declare module '*.js?raw' {
  const text: string
  export default text
}

/** Made by scripts/api-descriptions.mjs when the program is bundled: by type, then by field. */
declare module 'kubebook:api-descriptions' {
  const descriptions: Record<string, Record<string, string>>
  export default descriptions
}

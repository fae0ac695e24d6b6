import { defineConfig } from 'vitest/config'
import { apiDescriptionsVitePlugin } from './scripts/api-descriptions.mjs'

export default defineConfig({
  plugins: [apiDescriptionsVitePlugin],
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    // One less by default, which on two processors is one.
    maxWorkers: '100%',
  },
})

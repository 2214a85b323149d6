import { defineConfig, type ViteUserConfig } from 'vitest/config';

const conditions = ['skein:source', 'node', 'import', 'default'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/**/*.test.ts', 'gallery/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/cdk.out/**'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    env: { CDK_VALIDATION: 'false' },
  },
});

export default config;

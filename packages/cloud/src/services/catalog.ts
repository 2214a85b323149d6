import type { CatalogEntry } from '../protocols/catalogEntry.ts';

/** The services of this cloud. */
export const CATALOG: readonly CatalogEntry[] = [
  {
    name: 'ssm',
    signingName: 'ssm',
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'AmazonSSM' },
    cloudFormation: 'SSM',
    load: async () => (await import('./ssm/index.ts')).ssm,
  },
];

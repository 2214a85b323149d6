import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, type App as Deployed, startCloud } from '@skein/cloud';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, FunctionUrlAuthType, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../functions/token.ts';

const SECRET = 'a secret of the test, long enough';
const RUNTIMES = { Twenty: Runtime.NODEJS_20_X, TwentyTwo: Runtime.NODEJS_22_X, TwentyFour: Runtime.NODEJS_24_X };

const folder = mkdtempSync(join(tmpdir(), 'orders-api-'));
let cloud: Cloud;
let deployed: Deployed;

/** The API with a store in memory, bundled as an ES module or as CommonJS. */
function bundle(format: 'esm' | 'cjs'): void {
  const file = format === 'esm' ? 'index.mjs' : 'index.js';
  buildSync({
    stdin: {
      contents: `import { ordersApi } from './api.ts'; import { memoryStore } from './memoryStore.ts';
        export const { handler } = ordersApi({ store: memoryStore(), secret: process.env.TOKEN_SECRET });`,
      resolveDir: fileURLToPath(new URL('../functions', import.meta.url)),
    },
    outfile: join(folder, format, file),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format,
    conditions: ['skein:source'],
  });
}

beforeAll(async () => {
  bundle('esm');
  bundle('cjs');
  writeFileSync(join(folder, 'cjs', 'package.json'), '{ "type": "commonjs" }');
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'Runtimes');
  for (const [name, runtime] of Object.entries(RUNTIMES)) {
    for (const format of ['esm', 'cjs']) {
      const handler = new LambdaFunction(stack, `${name}-${format}`, {
        runtime,
        handler: 'index.handler',
        code: Code.fromAsset(join(folder, format)),
        environment: { TOKEN_SECRET: SECRET },
      });
      const api = new HttpApi(stack, `Api-${name}-${format}`, {
        defaultIntegration: new HttpLambdaIntegration('Api', handler),
      });
      const url = handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
      new CfnOutput(stack, `Api${name}${format}`, { value: api.apiEndpoint });
      new CfnOutput(stack, `Url${name}${format}`, { value: url.url });
    }
  }
  cloud = await startCloud({ clock: 'virtual' });
  deployed = await cloud.deploy(app);
}, 60_000);
afterAll(async () => {
  await cloud?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const runtimes = Object.keys(RUNTIMES).flatMap((name) => ['esm', 'cjs'].map((format) => [name, format] as const));

describe.each(runtimes)('on Node %s, as %s', (name, format) => {
  it.each(['Api', 'Url'])('answers at its %s', async (kind) => {
    const url = deployed.outputs[`${kind}${name}${format}`]?.replace(/\/$/, '');
    const headers = { authorization: `Bearer ${tokenOf('ada', SECRET)}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ items: [{ sku: 'tea', quantity: 2, price: 450 }] });
    const placed = await fetch(`${url}/orders`, { method: 'POST', headers, body });
    expect(placed.status).toBe(201);
    const { id } = JSON.parse(await placed.text());
    const invoice = await fetch(`${url}/orders/${id}/invoice`, { headers });
    expect(await invoice.text()).toContain('Total  9.00');
    // Collected first: this handler does not stream.
    expect(await (await fetch(`${url}/orders/export`, { headers })).text()).toContain(`${id},open,1,9.00\n`);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone, atMost, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';

/** The deploy of pattern 1 from its cdk.out into a new cloud. */
export async function deploy({ rounds, log }: RunOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-deploy-'));
  const output = join(folder, 'cdk.out');
  const app = fileURLToPath(new URL('../../../gallery/simple-web-service/', import.meta.url));
  try {
    log('deploy of the Simple Web Service');
    const environment = { ...process.env, CDK_OUTDIR: output, CDK_VALIDATION: 'false' };
    execFileSync(process.execPath, ['--conditions=skein:source', 'app.ts'], {
      cwd: app,
      env: environment,
      stdio: 'ignore',
    });
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await using done = await Server.start(fileURLToPath(new URL('servers/deploy.mjs', import.meta.url)), [output]);
      times.push(done.port / 1000);
    }
    return [alone('deploy of pattern 1 from cdk.out', 'ms', median(times), atMost(300))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

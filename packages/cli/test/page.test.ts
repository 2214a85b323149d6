import { describe, expect, it } from 'vitest';
import { findBrowser, startBrowser } from './browser.ts';
import { appWith, startSkein } from './running.ts';

const TEMPLATE = JSON.stringify({
  Resources: {
    Colour: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/colour', Type: 'String', Value: 'blue' } },
  },
  Outputs: { Where: { Value: 'http://127.0.0.1:1/here' } },
});

/** One call of an AWS operation, as an SDK makes it. */
async function getParameter(url: string, name: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonSSM.GetParameter',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify({ Name: name }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Publishes a text message, as an SDK does. */
async function textSomebody(url: string, text: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sns/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', PhoneNumber: '+15550100', Message: text }),
  });
  expect(response.status, await response.text()).toBe(200);
}

const browser = findBrowser();
if (browser === undefined) process.stderr.write('the page is not tested: no chromium on the PATH\n');

describe.skipIf(browser === undefined)('the page in a browser', () => {
  it('shows the stack, its outputs and resources, and hops as they happen', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory');
    const [, url = ''] = await skein.until(/AWS endpoint {2}(http:\S+)/);
    await skein.until(/Ready/);
    await using page = await startBrowser(browser ?? '');

    await page.open(`${url}/_skein/`);
    await page.until("document.querySelector('.card .badge')?.textContent === 'create complete'");
    await page.until("document.querySelector('.pairs a')?.href === 'http://127.0.0.1:1/here'");
    await page.until(
      "[...document.querySelectorAll('.resources td')].some((cell) => cell.textContent === 'SSM Parameter')",
    );

    await page.open(`${url}/_skein/#/hops`);
    await page.until("document.querySelector('.status')?.textContent.includes('live')");
    expect(await getParameter(url, '/colour')).toBe(200);
    expect(await getParameter(url, '/nothing')).toBeGreaterThanOrEqual(400);
    await page.until("document.querySelector('.hop-list .outcome.bad')?.textContent === 'ParameterNotFound'");
    await page.until("document.querySelectorAll('.hop-list .outcome.good').length > 0");

    await textSomebody(url, 'your tea is ready');
    await page.open(`${url}/_skein/#/outbox`);
    await page.until("document.querySelector('.outbox pre')?.textContent === 'your tea is ready'");
    await page.until("document.querySelector('.outbox h2')?.textContent === '+15550100 sms'");
    await page.open(`${url}/_skein/#/hops`);

    await page.until("document.querySelector('.hop-list tbody button').click() ?? true");
    await page.until("document.querySelector('aside .tree')?.textContent.includes('GetParameter')");
    await page.until("document.querySelector('aside dd code')?.textContent === 'ssm:GetParameter'");
    expect(page.complaints).toEqual([]);

    skein.child.kill('SIGINT');
    expect(await skein.ended()).toBe(0);
    await page.until("document.querySelector('.status')?.textContent.includes('not connected')");
  });
});

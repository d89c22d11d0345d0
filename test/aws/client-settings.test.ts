import { DescribeAlarmsCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { afterEach, expect, it, vi } from 'vitest';
import { clientSettings } from '../../shared/aws/client-settings.ts';
import { webServer, type WebServer } from '../support/web-server.ts';

let server: WebServer | undefined;
afterEach(async () => {
  await server?.close();
  vi.unstubAllEnvs();
});

it('gives up on a service that is silent, and asks again as often as it may', async () => {
  server = await webServer(() => 'silence');
  // The same limits, a hundred times as short.
  const limits = Object.entries(clientSettings.requestHandler).map(([name, ms]) => [name, ms / 100]);
  const client = new CloudWatchClient({
    ...clientSettings,
    ...{ endpoint: server.url, region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } },
    requestHandler: Object.fromEntries(limits),
    retryStrategy: new ConfiguredRetryStrategy(clientSettings.maxAttempts, () => 0),
  });
  await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(server.requests).toHaveLength(clientSettings.maxAttempts);
});

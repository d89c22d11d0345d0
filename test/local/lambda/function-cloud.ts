import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../../../local/json.ts';
import { openLambdaWith, type LambdaOptions } from '../../../local/services/lambda/service.ts';
import type { OpenService } from '../../../local/services/service-module.ts';
import type { Provisioned } from '../../../local/template/resource.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';

/** What a synchronous invocation answered, with its payload read. */
export interface Answer {
  readonly payload: unknown;
  readonly functionError?: string;
  readonly tail: string;
  readonly version?: string;
}

/** A cloud with Lambda, and functions written as source text. */
export interface FunctionCloud {
  cloud: TestCloud;
  deploy(name: string, source: string | Record<string, string>, properties?: JsonObject): Promise<Provisioned>;
  invoke(name: string, event?: unknown): Promise<Answer>;
  invokeAsync(name: string, event?: unknown): Promise<void>;
  close(): Promise<void>;
}

export const roleArn = 'arn:aws:iam::123456789012:role/function-role';

/** Opens a cloud whose assets lie in a temporary folder. */
export async function functionCloud(
  options: Partial<LambdaOptions> = {},
  others: OpenService[] = [],
): Promise<FunctionCloud> {
  const assets = mkdtempSync(join(tmpdir(), 'slipway-assets-'));
  const limits = { maxThreads: 4, maxIdleThreads: 2, initLimitMs: 10_000, ...options };
  let deployments = 0;
  const cloud = await testCloud({
    services: [(context) => openLambdaWith(context, limits), ...others],
    assetPath: (_bucket, key) => join(assets, key),
  });
  const self: FunctionCloud = {
    cloud,
    deploy: (name, source, properties = {}) => {
      const key = `asset-${++deployments}`;
      const files = typeof source === 'string' ? { 'index.js': source } : source;
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(assets, key, file)), { recursive: true });
        writeFileSync(join(assets, key, file), text);
      }
      return self.cloud.provision('AWS::Lambda::Function', name, {
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: roleArn,
        Code: { S3Bucket: 'assets', S3Key: key },
        ...properties,
      });
    },
    invoke: async (name, event) => {
      const output = await self.cloud.call<{
        Payload: Uint8Array;
        FunctionError?: string;
        LogResult: string;
        ExecutedVersion: string;
      }>('lambda', 'Invoke', {
        FunctionName: name,
        LogType: 'Tail',
        ...(event !== undefined && { Payload: Buffer.from(JSON.stringify(event)) }),
      });
      return {
        payload: JSON.parse(Buffer.from(output.Payload).toString()),
        ...(output.FunctionError !== undefined && { functionError: output.FunctionError }),
        tail: Buffer.from(output.LogResult, 'base64').toString(),
        version: output.ExecutedVersion,
      };
    },
    invokeAsync: async (name, event = {}) => {
      const Payload = Buffer.from(JSON.stringify(event));
      await self.cloud.call('lambda', 'Invoke', { FunctionName: name, InvocationType: 'Event', Payload });
    },
    close: async () => {
      await self.cloud.close();
      rmSync(assets, { recursive: true, force: true });
    },
  };
  return self;
}

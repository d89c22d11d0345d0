import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import type { Json, JsonObject } from '../../../local/json.ts';
import { openCloudFormation } from '../../../local/services/cloudformation/service.ts';
import { openIam } from '../../../local/services/iam/service.ts';
import { openS3 } from '../../../local/services/s3/service.ts';
import type { OpenService } from '../../../local/services/service-module.ts';
import { openSqs } from '../../../local/services/sqs/service.ts';
import { openSsm } from '../../../local/services/ssm/service.ts';
import { openStates } from '../../../local/services/states/service.ts';
import { openSts } from '../../../local/services/sts/service.ts';

/** A cloud with CloudFormation, queues, parameters, buckets and roles, reached by the SDK's client. */
export interface StackCloud {
  readonly cloud: LocalCloud;
  readonly cfn: CloudFormation;
  /** Makes and runs a change set of its own name, and waits until it has ended. */
  deploy(stackName: string, template: JsonObject, more?: JsonObject): Promise<void>;
  status(stackName: string): Promise<string | undefined>;
  /** Stops the process's part and starts again over the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts one under a virtual clock, with `more` services. */
export async function stackCloud(more: readonly OpenService[] = []): Promise<StackCloud> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-stacks-'));
  const start = (): Promise<LocalCloud> =>
    startLocalCloud({
      folder,
      report: () => undefined,
      clock: { kind: 'virtual', startMs: Date.UTC(2026, 0, 5, 9) },
      services: [openCloudFormation, openIam, openS3, openSqs, openSsm, openStates, openSts, ...more],
    });
  let cloud = await start();
  const clients: CloudFormation[] = [];
  const connect = (): CloudFormation => {
    const made = new CloudFormation({
      endpoint: cloud.endpoint,
      region: cloud.region,
      credentials: { ...cloud.credentials },
      maxAttempts: 1,
    });
    clients.push(made);
    return made;
  };
  let cfn = connect();
  let counter = 0;
  return {
    get cloud() {
      return cloud;
    },
    get cfn() {
      return cfn;
    },
    async deploy(stackName, template, more = {}) {
      const name = `change-${++counter}`;
      const exists = await cfn.describeStacks({ StackName: stackName }).catch(() => undefined);
      const isNew = exists === undefined || exists.Stacks?.[0]?.StackStatus === 'REVIEW_IN_PROGRESS';
      await cfn.createChangeSet({
        StackName: stackName,
        ChangeSetName: name,
        ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
        TemplateBody: JSON.stringify(template),
        ...more,
      });
      await cloud.settled();
      await cfn.executeChangeSet({ StackName: stackName, ChangeSetName: name });
      await cloud.settled();
    },
    status: async (stackName) => (await cfn.describeStacks({ StackName: stackName })).Stacks?.[0]?.StackStatus,
    async restart() {
      await cloud.stop();
      cloud = await start();
      cfn = connect();
    },
    async close() {
      for (const client of clients) client.destroy();
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A queue of a template. */
export function queue(properties: JsonObject = {}, more: Record<string, Json> = {}): JsonObject {
  return { Type: 'AWS::SQS::Queue', Properties: properties, ...more };
}

/** A parameter of a template. */
export function parameter(name: string, value: Json, more: Record<string, Json> = {}): JsonObject {
  return { Type: 'AWS::SSM::Parameter', Properties: { Name: name, Type: 'String', Value: value }, ...more };
}

/** A resource whose creation is refused: its pattern is none. */
export function broken(more: Record<string, Json> = {}): JsonObject {
  return { Type: 'AWS::Events::Rule', Properties: { Name: 'broken', EventPattern: { source: [] } }, ...more };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { appFolder, synthesize } from '../../cli/start/synth.ts';

// What an account of AWS would refuse or silently drop, and no other test sees.

const statementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.string(),
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
const policySchema = z.object({ Statement: z.array(statementSchema) });
type Properties = Readonly<Record<string, unknown>>;

const resources = new Map<string, { readonly type: string; readonly properties: Properties }>();
beforeAll(async () => {
  await synthesize();
  for (const stack of ['Slipway-Data', 'Slipway-Engine', 'Checkout']) {
    const template = z
      .object({
        Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
      })
      .parse(JSON.parse(readFileSync(join(appFolder, `${stack}.template.json`), 'utf8')));
    for (const [id, { Type: type, Properties: properties }] of Object.entries(template.Resources))
      resources.set(`${stack}/${id}`, { type, properties });
  }
}, 120_000);

const ofType = (type: string) => [...resources].filter(([, resource]) => resource.type === type);
const one = (type: string, idPart: string): Properties => {
  const found = ofType(type).filter(([id]) => id.includes(idPart));
  expect(found, `${type} whose id holds ${idPart}`).toHaveLength(1);
  return found[0]![1].properties;
};
const allowing = (policy: unknown, action: string, service: string) =>
  policySchema
    .parse(policy)
    .Statement.filter(
      ({ Effect, Action, Principal }) =>
        Effect === 'Allow' && Action.includes(action) && JSON.stringify(Principal).includes(`${service}.amazonaws.com`),
    );

describe('the key', () => {
  it('lets rules publish without naming an account, which EventBridge does not name to an encrypted topic', () => {
    const statements = allowing(one('AWS::KMS::Key', 'Slipway-Data').KeyPolicy, 'kms:GenerateDataKey*', 'events');
    expect(statements.map(({ Condition }) => Condition)).toEqual([undefined]);
  });

  it.each(['cloudwatch', 'sns'])('lets %s use it for this account alone', (service) => {
    const [statement] = allowing(one('AWS::KMS::Key', 'Slipway-Data').KeyPolicy, 'kms:GenerateDataKey*', service);
    expect(JSON.stringify(statement?.Condition)).toContain('aws:SourceAccount');
  });

  it("is granted to the nightly schedule's role, which sends to an encrypted dead-letter queue", () => {
    const role = JSON.stringify(one('AWS::IAM::Role', 'Nightly').Policies);
    expect(role).toContain('sqs:SendMessage');
    expect(role).toContain('kms:GenerateDataKey');
  });
});

describe('the topics', () => {
  it('take alarms: a policy of its own takes the default one from a topic', () => {
    expect(
      allowing(one('AWS::SNS::TopicPolicy', 'OperationsTopic').PolicyDocument, 'sns:Publish', 'cloudwatch'),
    ).toHaveLength(1);
  });

  it('take events of rules', () => {
    expect(
      allowing(one('AWS::SNS::TopicPolicy', 'Data/TopicPolicy').PolicyDocument, 'sns:Publish', 'events'),
    ).toHaveLength(1);
  });
});

describe('the function that answers for dead functions', () => {
  it('hands what it could not do to nobody: its input holds the credentials of a job', () => {
    const configs = ofType('AWS::Lambda::EventInvokeConfig').filter(([id]) => id.includes('ActionsAnswer'));
    expect(JSON.stringify(configs)).not.toContain('OnFailure');
  });
});

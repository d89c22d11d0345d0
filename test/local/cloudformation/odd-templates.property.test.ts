import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AwsError } from '../../../local/errors.ts';
import type { Json, JsonObject } from '../../../local/json.ts';
import { stackCloud, type StackCloud } from './stack-cloud.ts';

let stacks: StackCloud;
beforeAll(async () => {
  stacks = await stackCloud();
});
afterAll(() => stacks.close());

const id = fc.constantFrom('A', 'B', 'C', 'Stage', 'IsLive', 'AWS::Region', 'AWS::NoValue');
const intrinsic = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 12, arbitrary: fc.constantFrom<Json>('one', 'two-2') },
    fc.constantFrom<Json>('x', '', 7, true, null, [], {}, '{{resolve:ssm:/none}}'),
    id.map((name): Json => ({ Ref: name })),
    id.map((name): Json => ({ 'Fn::GetAtt': [name, 'Arn'] })),
    id.map((name): Json => ({ 'Fn::Sub': `\${${name}}-\${${name}.Arn}` })),
    fc.tuple(id, tie('value')).map(([name, then]): Json => ({ 'Fn::If': [name, then, { Ref: 'AWS::NoValue' }] })),
    fc.array(tie('value'), { maxLength: 3 }).map((parts): Json => ({ 'Fn::Join': ['-', parts] })),
    tie('value').map((value): Json => ({ 'Fn::ImportValue': value })),
    fc.tuple(tie('value'), tie('value')).map(([index, list]): Json => ({ 'Fn::Select': [index, list] })),
    fc.dictionary(fc.constantFrom('Name', 'Fn::Nothing', 'Ref'), tie('value'), { maxKeys: 2 }),
  ),
})).value;
/** Mostly what belongs there, sometimes anything. */
const mostly = (arbitrary: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 40, arbitrary }, { weight: 1, arbitrary: intrinsic });
const members = (arbitraries: Record<string, fc.Arbitrary<Json>>, requiredKeys: string[]): fc.Arbitrary<Json> =>
  fc.record(arbitraries, { requiredKeys }) as fc.Arbitrary<JsonObject>;

const queueProperties = members({ QueueName: intrinsic, VisibilityTimeout: fc.constantFrom(1, 2, 'x') }, []);
const parameterProperties = members(
  { Name: fc.constantFrom('/a', '/b'), Type: fc.constantFrom('String', 'StringList', 'Odd'), Value: intrinsic },
  ['Type', 'Value'],
);
const resource = fc.oneof(
  ...(
    [
      ['AWS::SQS::Queue', queueProperties],
      ['AWS::SSM::Parameter', parameterProperties],
      ['AWS::Logs::LogGroup', members({ LogGroupName: intrinsic }, [])],
      ['Custom::Thing', members({ ServiceToken: intrinsic }, [])],
    ] as const
  ).map(([type, properties]) =>
    members(
      {
        Type: mostly(fc.constant(type)),
        Properties: mostly(properties),
        DependsOn: fc.oneof(id, fc.array(id, { maxLength: 2 })),
        Condition: fc.constantFrom('IsLive', 'IsLive', 'Nothing'),
        DeletionPolicy: fc.constantFrom('Retain', 'Delete'),
      },
      ['Type', 'Properties'],
    ),
  ),
);
const template = members(
  {
    Resources: mostly(fc.dictionary(fc.constantFrom('A', 'B', 'C'), resource, { minKeys: 1, maxKeys: 3 })),
    Parameters: mostly(fc.constantFrom<Json>({}, { Stage: { Type: 'String', Default: 'live' } })),
    Conditions: mostly(
      fc.constantFrom<Json>({}, { IsLive: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] } }, { IsLive: { Ref: 'A' } }),
    ),
    Outputs: mostly(
      fc.dictionary(id, members({ Value: intrinsic, Export: members({ Name: intrinsic }, ['Name']) }, ['Value']), {
        maxKeys: 2,
      }),
    ),
  },
  ['Resources'],
);

const call = (operation: string, input: object) => stacks.cloud.call('cloudformation', operation, input);

it('[cloudformation.template.odd] odd templates are refused, fail or are rolled back, and never break the service', async () => {
  const ends = new Set<string | undefined>();
  await fc.assert(
    fc.asyncProperty(template, async (body) => {
      try {
        await call('CreateStack', { StackName: 'odd', TemplateBody: JSON.stringify(body) });
      } catch (error) {
        // What the gateway throws.
        expect((error as AwsError).code).not.toBe('InternalFailure');
        return;
      }
      await stacks.cloud.settled();
      const end = await stacks.status('odd');
      expect(['CREATE_COMPLETE', 'ROLLBACK_COMPLETE']).toContain(end);
      ends.add(end);
      await call('DeleteStack', { StackName: 'odd' });
      await stacks.cloud.settled();
      await expect(stacks.status('odd')).rejects.toThrow('does not exist');
    }),
    { numRuns: 300, seed: 20_260_105 },
  );
  expect(ends.size).toBe(2);
});

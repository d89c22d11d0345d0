import { describe, expect, it } from 'vitest';
import type { Json } from '../../../local/json.ts';
import { resolveIntrinsics, resolveProperties } from '../../../local/template/intrinsics.ts';
import type { Scope } from '../../../local/template/scope.ts';

const scope: Scope = {
  stackName: 'Engine',
  account: '123456789012',
  region: 'us-east-1',
  stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Engine/1',
  parameters: new Map<string, Json>([['Stage', 'live']]),
  mappings: { Sizes: { small: { cpu: 1, zones: ['a', 'b'] } } },
  conditions: {
    IsLive: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] },
    IsAway: { 'Fn::Not': [{ Condition: 'IsLive' }] },
    Both: { 'Fn::And': [{ Condition: 'IsLive' }, { 'Fn::Or': [{ Condition: 'IsAway' }, { 'Fn::Equals': [1, '1'] }] }] },
  },
  resource: (logicalId) =>
    logicalId === 'Bus'
      ? { type: 'AWS::Events::EventBus', physicalId: 'releases', attributes: { Arn: 'arn:bus', 'A.B': 7 } }
      : undefined,
  exported: (name) => (name === 'Data:Table' ? 'table-1' : undefined),
};
const resolve = (value: Json): Json | undefined => resolveIntrinsics(value, scope, 'Fn.Properties.X');

describe('resolving intrinsics', () => {
  it.each<[string, Json, Json]>([
    ['Ref to a resource', { Ref: 'Bus' }, 'releases'],
    ['Ref to a parameter', { Ref: 'Stage' }, 'live'],
    ['Ref to a pseudo parameter', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Bus', 'Arn'] }, 'arn:bus'],
    ['GetAtt with dots', { 'Fn::GetAtt': 'Bus.A.B' }, 7],
    [
      'Sub of one text',
      { 'Fn::Sub': '${AWS::Region}/${Bus}/${Bus.Arn}/${!Kept}' },
      'us-east-1/releases/arn:bus/${Kept}',
    ],
    ['Sub with a map', { 'Fn::Sub': ['${a}-${Stage}', { a: { Ref: 'Bus' } }] }, 'releases-live'],
    ['Join', { 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }, 1]] }, 'arn:aws:1'],
    ['Join of no value', { 'Fn::Join': [':', ['a', { Ref: 'AWS::NoValue' }]] }, 'a'],
    ['Select from Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['If, taken', { 'Fn::If': ['IsLive', 'yes', { Ref: 'Nothing' }] }, 'yes'],
    ['If, not taken', { 'Fn::If': ['IsAway', { Ref: 'Nothing' }, 'no'] }, 'no'],
    ['And with Or', { 'Fn::If': ['Both', 1, 2] }, 1],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'zones'] }, ['a', 'b']],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'Data:Table' } }, 'table-1'],
    ['Base64', { 'Fn::Base64': 'hé' }, 'aMOp'],
    ['GetAZs', { 'Fn::Select': ['0', { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    [
      'a condition of an IAM statement',
      { Condition: { StringEquals: { a: { Ref: 'Bus' } } } },
      { Condition: { StringEquals: { a: 'releases' } } },
    ],
    ['an ordinary object', { Ref: 'Bus', other: 1 }, { Ref: 'Bus', other: 1 }],
  ])('[cloudformation.intrinsics] resolves %s', (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('[cloudformation.no-value] drops members and elements that are AWS::NoValue', () => {
    const properties = { Kept: [1, { Ref: 'AWS::NoValue' }], Gone: { Ref: 'AWS::NoValue' } };
    expect(resolveProperties(properties, scope, 'Fn')).toEqual({ Kept: [1] });
  });

  it.each<[string, Json, string]>([
    [
      'an unknown intrinsic',
      { 'Fn::Cidr': ['10.0.0.0/8', 1, 1] },
      'stack Engine, Fn.Properties.X.A[0]: the intrinsic Fn::Cidr is not supported locally',
    ],
    ['a Ref to nothing', { Ref: 'Nothing' }, 'stack Engine, Fn.Properties.X.A[0]: Ref Nothing: the template has no'],
    [
      'an attribute that the type lacks',
      { 'Fn::GetAtt': ['Bus', 'Color'] },
      'AWS::Events::EventBus has no such attribute locally; it has: Arn, A.B',
    ],
    ['an import that nobody exports', { 'Fn::ImportValue': 'x' }, 'no stack before this one exports "x"'],
    ['a missing condition', { 'Fn::If': ['Never', 1, 2] }, 'the template has no condition Never'],
    ['a missing map entry', { 'Fn::FindInMap': ['Sizes', 'big', 'cpu'] }, 'the mapping has no Sizes.big.cpu'],
    ['an unknown pseudo parameter', { Ref: 'AWS::Nope' }, 'the pseudo parameter AWS::Nope is not known'],
    ['Select past the end', { 'Fn::Select': [3, ['a']] }, 'Fn::Select found no element 3'],
  ])('refuses %s with stack, logical id and path', (_name, value, message) => {
    expect(() => resolve({ A: [value] })).toThrow(message);
  });
});

import { describe, expect, it } from 'vitest';
import { conditionsLeftOut, evaluateIdentity, evaluateResource } from '../../../local/authorization/evaluate.ts';
import type { ConditionKeys } from '../../../local/authorization/permission.ts';
import { compilePolicy } from '../../../local/authorization/policy.ts';
import { rolePrincipal, servicePrincipal } from '../../../local/gateway/principal.ts';
import type { Json, JsonObject } from '../../../local/json.ts';

const table = 'arn:aws:dynamodb:us-east-1:123456789012:table/Releases';
const roleArn = 'arn:aws:iam::123456789012:role/writer';
const role = rolePrincipal(roleArn, 'x');

function verdictOf(
  statements: JsonObject[],
  { action = 'dynamodb:PutItem', resource = table, keys = {} }: Partial<Asked> = {},
): string {
  return evaluateIdentity([compilePolicy({ Statement: statements })], { action, resource }, keys);
}

interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly keys: ConditionKeys;
}

const allow = (Action: Json, Resource: Json, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

describe('identity policies', () => {
  it('[iam.evaluation.allow-needed] allow nothing unless a statement does', () => {
    expect(verdictOf([])).toBe('none');
    expect(verdictOf([allow('dynamodb:GetItem', table)])).toBe('none');
    expect(verdictOf([allow('dynamodb:PutItem', table)])).toBe('allow');
  });

  it('[iam.evaluation.explicit-deny] deny whatever another statement allows', () => {
    expect(verdictOf([allow('*', '*'), { Effect: 'Deny', Action: 'dynamodb:Put*', Resource: '*' }])).toBe('deny');
  });

  it('[iam.policy.action-case] match actions in any case, resources as they are written', () => {
    expect(verdictOf([allow('DynamoDB:putitem', table)])).toBe('allow');
    expect(verdictOf([allow('dynamodb:PutItem', table.replace('Releases', 'releases'))])).toBe('none');
  });

  it('[iam.policy.wildcards] match wildcards in actions and resources', () => {
    expect(verdictOf([allow('dynamodb:?utItem', 'arn:aws:dynamodb:*:*:table/Rel*')])).toBe('allow');
    expect(verdictOf([allow('dynamodb:*', `${table}/index/*`)])).toBe('none');
  });

  it('[iam.policy.not-action] take NotAction and NotResource as everything else', () => {
    expect(verdictOf([{ Effect: 'Allow', NotAction: 'dynamodb:Delete*', Resource: '*' }])).toBe('allow');
    expect(verdictOf([{ Effect: 'Allow', NotAction: 'dynamodb:Put*', Resource: '*' }])).toBe('none');
    expect(verdictOf([{ Effect: 'Allow', Action: '*', NotResource: [table] }])).toBe('none');
  });

  it('[iam.policy.variables] refuse policy variables by name', () => {
    expect(() => verdictOf([allow('*', `${table}/\${aws:username}`)])).toThrow(
      'the policy variable ${aws:username} is not supported locally',
    );
  });

  it.each([
    ['{', 'it is not JSON'],
    [{ Version: '2020-01-01', Statement: [] }, 'its Version is "2020-01-01"'],
    [{ Statement: { Effect: 'Maybe', Action: '*', Resource: '*' } }, 'Effect is "Maybe"'],
    [{ Statement: { Effect: 'Allow', Resource: '*' } }, 'neither Action nor NotAction'],
  ])('[iam.policy.malformed] refuse %j', (document, problem) => {
    expect(() => compilePolicy(document)).toThrow(problem);
  });
});

describe('conditions', () => {
  const when = (Condition: JsonObject): JsonObject[] => [allow('*', '*', { Condition })];
  const rule = 'arn:aws:events:us-east-1:123456789012:rule/nightly';
  const keys = { 'aws:sourcearn': rule, 'aws:sourceaccount': '123456789012', 'aws:securetransport': 'true' };

  it.each<[JsonObject, string]>([
    [{ ArnEquals: { 'aws:SourceArn': rule } }, 'allow'],
    [{ ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*:*:rule/*' } }, 'allow'],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/hourly' } }, 'none'],
    [{ StringEquals: { 'aws:SourceAccount': ['1', '123456789012'] } }, 'allow'],
    [{ StringNotEquals: { 'aws:SourceAccount': ['1', '123456789012'] } }, 'none'],
    [{ StringLike: { 'aws:SourceArn': '*nightly' } }, 'allow'],
    [{ ArnLike: { 'aws:SourceArn': rule }, StringEquals: { 'aws:SourceAccount': '1' } }, 'none'],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, 'none'],
    [{ StringEquals: { 'states:StateMachineQualifier': 'live' } }, 'none'],
    [{ StringEqualsIfExists: { 'states:StateMachineQualifier': 'live' } }, 'allow'],
    [{ StringNotEquals: { 'states:StateMachineQualifier': 'live' } }, 'allow'],
  ])('[iam.conditions.evaluated] %j: %s', (condition, verdict) => {
    expect(verdictOf(when(condition), { keys })).toBe(verdict);
  });

  const leading = (...values: string[]): ConditionKeys => ({ 'dynamodb:leadingkeys': () => values });
  it.each<[string, ConditionKeys, string]>([
    ['ForAllValues:StringLike', leading('job/1', 'effects/2'), 'allow'],
    ['ForAllValues:StringLike', leading('job/1', 'release/2'), 'none'],
    ['ForAllValues:StringLike', leading(), 'allow'],
    ['ForAllValues:StringLike', {}, 'allow'],
    ['ForAllValues:StringNotLike', leading('release/2', 'slot/1'), 'allow'],
    ['ForAllValues:StringNotLike', leading('job/1', 'slot/1'), 'none'],
    ['ForAnyValue:StringLike', leading('job/1', 'release/2'), 'allow'],
    ['ForAnyValue:StringLike', leading('release/2'), 'none'],
    ['ForAnyValue:StringLike', {}, 'none'],
    ['ForAnyValue:StringLikeIfExists', {}, 'allow'],
    ['ForAnyValue:StringNotLike', leading('job/1', 'slot/1'), 'allow'],
    ['ForAnyValue:StringNotLike', {}, 'none'],
    // Without a quantifier such a key is not evaluated.
    ['StringLike', leading('job/1'), 'none'],
  ])('[iam.conditions.quantifiers] %s of %o: %s', (operator, given, verdict) => {
    const condition = { [operator]: { 'dynamodb:LeadingKeys': ['job/*', 'effects/*'] } };
    expect(verdictOf(when(condition), { keys: given })).toBe(verdict);
  });

  it('[iam.conditions.left-out] leave out a statement with a condition that is not evaluated, and say which', () => {
    const statement = { Condition: { StringEquals: { 's3:prefix': 'a' } }, Action: '*', Resource: '*' };
    expect(verdictOf([{ Effect: 'Allow', ...statement }])).toBe('none');
    expect(verdictOf([allow('*', '*'), { Effect: 'Deny', ...statement }])).toBe('allow');
    const policy = compilePolicy({ Statement: [{ Effect: 'Allow', ...statement }] });
    expect(conditionsLeftOut([policy], { action: 's3:ListBucket', resource: 'x' })).toEqual(['StringEquals s3:prefix']);
  });
});

describe('resource policies', () => {
  const verdict = (Principal: Json, effect = 'Allow', caller = role): string => {
    const policy = compilePolicy({ Statement: [{ Effect: effect, Principal, Action: '*', Resource: '*' }] });
    return evaluateResource(policy, { action: 'sqs:sendmessage', resource: 'arn' }, {}, caller);
  };

  it.each<[Json, string]>([
    ['*', 'allow'],
    [{ AWS: '*' }, 'allow'],
    [{ AWS: roleArn }, 'allow'],
    [{ AWS: [role.arn] }, 'allow'],
    [{ AWS: 'arn:aws:iam::123456789012:role/other' }, 'none'],
    [{ AWS: 'arn:aws:iam::123456789012:root' }, 'none'],
    [{ AWS: '123456789012' }, 'none'],
    [{ Service: 'events.amazonaws.com' }, 'none'],
  ])('[iam.principal.role] a role by %j: %s', (principal, expected) => {
    expect(verdict(principal)).toBe(expected);
  });

  it('[iam.principal.account-deny] deny the roles of a denied account', () => {
    expect(verdict({ AWS: 'arn:aws:iam::123456789012:root' }, 'Deny')).toBe('deny');
  });

  it('[iam.principal.service] allow a service by its name only', () => {
    const events = servicePrincipal('events.amazonaws.com');
    expect(verdict({ Service: ['events.amazonaws.com'] }, 'Allow', events)).toBe('allow');
    expect(verdict({ Service: 'sns.amazonaws.com' }, 'Allow', events)).toBe('none');
  });

  it('[iam.principal.not-principal] take NotPrincipal as everyone else', () => {
    const policy = compilePolicy({
      Statement: [{ Effect: 'Deny', NotPrincipal: { AWS: roleArn }, Action: '*', Resource: '*' }],
    });
    const asked = { action: 'sqs:sendmessage', resource: 'arn' };
    expect(evaluateResource(policy, asked, {}, role)).toBe('none');
    expect(evaluateResource(policy, asked, {}, rolePrincipal('arn:aws:iam::123456789012:role/b', 'x'))).toBe('deny');
  });
});

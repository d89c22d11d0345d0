import { describe, expect, it } from 'vitest';
import type { ScheduleGateway } from '../../../shared/actions/gateways/schedules.ts';
import type { ChangeSetSeen, Proposal, StackGateway, StackSeen } from '../../../shared/actions/gateways/stacks.ts';
import { provisionResources as declaration } from '../../../shared/actions/provision-resources/declaration.ts';
import { expiresAt, scheduleName, tagsOf } from '../../../shared/actions/provision-resources/expiry.ts';
import {
  describeFailures,
  isUnchanged,
  lostResources,
  outcomeOf,
  standingOf,
} from '../../../shared/actions/provision-resources/outcome.ts';
import { outputsOf } from '../../../shared/actions/provision-resources/outputs.ts';
import provision from '../../../shared/actions/provision-resources/run.ts';
import { readConfiguration, readTemplate } from '../../../shared/actions/provision-resources/template.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';

const files = (given: Record<string, string>) =>
  new Map(Object.entries(given).map(([path, text]) => [path, Buffer.from(text)]));
const configurationError = (message: RegExp) =>
  expect.objectContaining({ type: 'ConfigurationError', message: expect.stringMatching(message) });

describe('a template', () => {
  it('is sent without its blanks if it is JSON, and as it is if it is not', () => {
    expect(readTemplate(files({ 't.json': '{\n  "Resources": { }\n}' }), 't.json')).toBe('{"Resources":{}}');
    expect(readTemplate(files({ 't.yaml': 'Resources:\n  A: 1\n' }), 't.yaml')).toBe('Resources:\n  A: 1\n');
  });

  it.each([
    ['that is not there', { 'other.json': '{}' }, /holds no t.json; it has: other.json/],
    ['that is empty', { 't.json': ' \n' }, /t.json is empty/],
    ['that is broken', { 't.json': '{"Resources":' }, /t.json is not JSON/],
    ['that is too large', { 't.json': `{"a":"${'x'.repeat(1_048_576)}"}` }, /bytes, CloudFormation takes 1048576/],
  ])('%s fails the action', (_what, given, message) => {
    expect(() => readTemplate(files(given), 't.json')).toThrow(configurationError(message));
  });
});

describe('a configuration file', () => {
  it('gives values as text', () => {
    const text = '{"Parameters":{"Count":2,"On":true,"Name":"x"},"Tags":{"team":"a"}}';
    expect(readConfiguration(files({ 'c.json': text }), 'c.json')).toEqual({
      parameters: { Count: '2', On: 'true', Name: 'x' },
      tags: { team: 'a' },
    });
  });

  it.each([
    ['{"StackPolicy":{}}', /may hold Parameters and Tags/],
    ['{"Parameters":{"A":{}}}', /Parameters\.A/],
    ['[]', /its members/],
    ['nothing', /not JSON/],
  ])('is refused as %s', (text, message) => {
    expect(() => readConfiguration(files({ 'c.json': text }), 'c.json')).toThrow(configurationError(message));
  });
});

describe('a status', () => {
  it.each([
    ['CREATE_IN_PROGRESS', 'create', 'works'],
    ['CREATE_COMPLETE', 'create', 'done'],
    ['ROLLBACK_IN_PROGRESS', 'create', 'works'],
    ['ROLLBACK_COMPLETE', 'create', 'failed'],
    ['DELETE_COMPLETE', 'create', 'failed'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'update', 'works'],
    ['UPDATE_COMPLETE', 'update', 'done'],
    ['UPDATE_ROLLBACK_COMPLETE', 'update', 'failed'],
    ['UPDATE_ROLLBACK_FAILED', 'update', 'failed'],
    ['DELETE_COMPLETE', 'delete', 'done'],
    ['DELETE_FAILED', 'delete', 'failed'],
  ] as const)('%s says of %s: %s', (status, operation, outcome) => {
    expect(outcomeOf(status, operation)).toBe(outcome);
  });

  it.each([
    [undefined, 'absent'],
    ['REVIEW_IN_PROGRESS', 'absent'],
    ['UPDATE_ROLLBACK_COMPLETE', 'updatable'],
    ['ROLLBACK_COMPLETE', 'never-made'],
    ['UPDATE_IN_PROGRESS', 'busy'],
    ['UPDATE_ROLLBACK_FAILED', 'stuck'],
    ['DELETE_FAILED', 'stuck'],
  ])('%s means that a stack is %s', (status, standing) => {
    expect(standingOf(status)).toBe(standing);
  });
});

const changeSet = (given: Partial<ChangeSetSeen> = {}): ChangeSetSeen => ({
  ...{ id: 'change', stackId: 'stack/1', status: 'ready', reason: undefined, changes: [] },
  ...given,
});

describe('a change set', () => {
  it('is one of nothing in both wordings, and no other failure is', () => {
    const failed = (reason: string) => isUnchanged(changeSet({ status: 'failed', reason }));
    expect(failed("The submitted information didn't contain changes. Submit different information.")).toBe(true);
    expect(failed('No updates are to be performed.')).toBe(true);
    expect(failed('Transform AWS::Serverless failed')).toBe(false);
  });

  it('names what would be lost', () => {
    const changes = [
      { logicalId: 'A', type: 'T', action: 'Remove', replacement: 'no' },
      { logicalId: 'B', type: 'T', action: 'Modify', replacement: 'yes' },
      { logicalId: 'C', type: 'T', action: 'Modify', replacement: 'may' },
      { logicalId: 'D', type: 'T', action: 'Modify', replacement: 'no' },
      { logicalId: 'E', type: 'T', action: 'Add', replacement: 'no' },
    ] as const;
    expect(lostResources(changeSet({ changes }))).toEqual(['A is removed', 'B is replaced', 'C may be replaced']);
  });

  it('of a nested stack says nothing of its resources, nor one of an action that is not known yet', () => {
    const nested = { type: 'AWS::CloudFormation::Stack', replacement: 'no' } as const;
    const changes = [
      { ...nested, logicalId: 'Old', action: 'Modify' },
      { ...nested, logicalId: 'New', action: 'Add' },
      { logicalId: 'Open', type: 'T', action: 'Dynamic', replacement: 'no' },
    ] as const;
    expect(lostResources(changeSet({ changes }))).toEqual([
      'Old is a nested stack, whose changes are not seen',
      'Open may be replaced',
    ]);
  });
});

it('names the first failures, without those that were cancelled for them', () => {
  const failure = (logicalId: string, reason: string) => ({ logicalId, type: 'T', reason });
  const many = Array.from({ length: 7 }, (_, index) => failure(`R${index}`, 'no'));
  expect(describeFailures([failure('A', 'taken'), failure('B', 'Resource creation cancelled')])).toBe('A (T): taken');
  expect(describeFailures(many)).toMatch(/^R0 \(T\): no; .*R4 \(T\): no; and 2 more$/);
  expect(describeFailures([])).toBe('');
});

describe('an environment for a time', () => {
  const parameters = { expiry: { afterHours: 8, roleArn: 'r' } } as never;
  const context = { pipelineExecutionId: 'e', pipeline: 'p', stage: 's', action: 'a' };

  it('expires after its hours, to the second', () => {
    expect(expiresAt(parameters, '2026-01-05T09:00:00.123Z')).toBe('2026-01-05T17:00:00Z');
    expect(expiresAt({} as never, '2026-01-05T09:00:00.123Z')).toBeUndefined();
  });

  it('has a schedule of its own, whose name fits', () => {
    expect(scheduleName('a'.repeat(128))).toMatch(/^slipway-expire-[0-9a-f]{32}$/);
    expect(scheduleName('a')).not.toBe(scheduleName('b'));
  });

  it('is tagged with its release; one that stays has no tag that differs between releases', () => {
    expect(tagsOf({ team: 'x' }, context, '2026-01-05T17:00:00Z')).toEqual({
      ...{ team: 'x', 'slipway:pipeline': 'p', 'slipway:pipeline-execution': 'e' },
      'slipway:expires-at': '2026-01-05T17:00:00Z',
    });
    expect(tagsOf({}, context, undefined)).toEqual({ 'slipway:pipeline': 'p' });
  });
});

/** CloudFormation as one test needs it. */
function world(given: { stack?: StackSeen; compared?: Partial<ChangeSetSeen> }) {
  const calls: string[] = [];
  let proposed: Proposal | undefined;
  const schedules: ScheduleGateway = {
    deleteStackAt: async ({ at }) => void calls.push(`schedule ${at}`),
  };
  const stacks: StackGateway = {
    find: async () => given.stack ?? (proposed && seen('REVIEW_IN_PROGRESS')),
    findChangeSet: async () => (proposed ? changeSet(given.compared) : undefined),
    propose: async (proposal) => {
      proposed = proposal;
      calls.push(`propose ${proposal.isNew ? 'new' : 'update'}`);
    },
    execute: async () => void calls.push('execute'),
    dropChangeSet: async () => void calls.push('drop'),
    delete: async ({ token }) => void calls.push(`delete ${token.slice(0, 5)}`),
    failures: async () => [],
    keepTemplate: async ({ key }, text) => `https://templates/${key}/${text.length}`,
  };
  return { calls, gateways: { stacks, schedules }, proposal: () => proposed };
}

const seen = (status: string): StackSeen => ({ id: 'stack/1', status, reason: undefined, outputs: { Url: 'u' } });

const applied = { stackName: 'shop', roleArn: 'arn:aws:iam::123456789012:role/r' };

const deliver = (gateways: ReturnType<typeof world>['gateways'], more = {}, template = '{"Resources":{}}') =>
  actionBench(provision, { gateways, clock: { nowMs: () => Date.UTC(2026, 0, 5, 9) } }).deliver({
    parameters: { stackName: 'shop', roleArn: 'arn:aws:iam::123456789012:role/r', ...more },
    inputs: { Source: { 'template.json': template } },
  });

describe('provision-resources', () => {
  it('has the stack deleted at its time before it is made', async () => {
    const { calls, gateways } = world({});
    const expiry = { afterHours: 1, roleArn: 'arn:aws:iam::123456789012:role/sweep' };
    const { answers, state } = await deliver(gateways, { expiry });
    expect(calls).toEqual(['propose new', 'schedule 2026-01-05T10:00:00Z', 'execute']);
    expect(answers[0]?.answer.kind).toBe('continues');
    expect(state).toMatchObject({ phase: 'operating', operation: 'create', stackId: 'stack/1' });
  });

  it('succeeds where there is nothing to change, and drops the change set', async () => {
    const compared = { status: 'failed', reason: 'No updates are to be performed.' } as const;
    const { calls, gateways } = world({ stack: seen('UPDATE_COMPLETE'), compared });
    const { answers } = await deliver(gateways, { urlOutput: 'Url' });
    expect(answers[0]?.answer).toMatchObject({ kind: 'succeeded', outputs: { changeCount: '0', url: 'u' } });
    expect(calls).toEqual(['propose update', 'drop']);
  });

  it('leaves no stack in review where the change set is refused', async () => {
    const { calls, gateways } = world({ compared: { status: 'failed', reason: 'Transform failed' } });
    const { answers } = await deliver(gateways);
    expect(answers[0]?.answer).toMatchObject({
      type: 'ConfigurationError',
      message: expect.stringContaining('Transform failed'),
    });
    expect(calls).toEqual(['propose new', 'drop', 'delete clear']);
  });

  it('touches nothing where resources would be lost and are to be kept', async () => {
    const changes = [{ logicalId: 'Table', type: 'T', action: 'Modify', replacement: 'yes' }] as const;
    const { calls, gateways } = world({ stack: seen('CREATE_COMPLETE'), compared: { changes } });
    const { answers } = await deliver(gateways, { keepResources: true });
    expect(answers[0]?.answer).toMatchObject({ message: expect.stringMatching(/Table is replaced; keepResources/) });
    expect(calls).toEqual(['propose update', 'drop']);
  });

  it('clears a stack away that was never made, and comes back', async () => {
    const { calls, gateways } = world({ stack: seen('ROLLBACK_COMPLETE') });
    const { answers, state } = await deliver(gateways);
    expect(calls).toEqual(['delete clear']);
    expect(answers[0]?.answer.kind).toBe('continues');
    expect(state).toMatchObject({ phase: 'preparing', name: expect.stringMatching(/^slipway-/) });
  });

  it.each([
    ['UPDATE_IN_PROGRESS', { kind: 'continues' }],
    ['UPDATE_ROLLBACK_FAILED', { kind: 'failed', type: 'ConfigurationError' }],
  ])('waits for or refuses a stack that is %s', async (status, answer) => {
    const { calls, gateways } = world({ stack: seen(status) });
    expect((await deliver(gateways)).answers[0]?.answer).toMatchObject(answer);
    expect(calls).toEqual([]);
  });

  it('puts a large template into a bucket, and refuses it without one', async () => {
    const large = `{"a":"${'x'.repeat(60_000)}"}`;
    const withBucket = world({});
    await deliver(withBucket.gateways, { templateBucket: 'templates' }, large);
    expect(withBucket.proposal()?.template).toEqual({
      url: expect.stringMatching(/slipway-templates\/slipway-.*60008$/),
    });
    const without = await deliver(world({}).gateways, {}, large);
    expect(without.answers[0]?.answer).toMatchObject({ message: expect.stringMatching(/name a templateBucket/) });
  });

  it('deletes a stack as the role it is given, and needs no artifact for it', async () => {
    const { calls, gateways } = world({ stack: seen('CREATE_COMPLETE') });
    const { state } = await deliver(gateways, { operation: 'delete' });
    expect(calls).toEqual(['delete slipw']);
    expect(state).toMatchObject({ phase: 'operating', operation: 'delete' });
  });

  /** Begins, then looks again with the stack as it is after some minutes. */
  async function looks(
    first: Parameters<typeof world>[0],
    then: { status: string; minutes: number; failures?: object[] },
    more: object = {},
  ) {
    let nowMs = Date.UTC(2026, 0, 5, 9);
    const { gateways } = world(first);
    const bench = actionBench(provision, { gateways, clock: { nowMs: () => nowMs } });
    const parameters = { stackName: 'shop', roleArn: 'arn:aws:iam::123456789012:role/r', timeoutMinutes: 30, ...more };
    const inputs = { Source: { 'template.json': '{"Resources":{}}' } };
    const begun = await bench.deliver({ parameters, inputs });
    const answer = begun.answers[0]?.answer;
    nowMs += then.minutes * 60_000;
    gateways.stacks.find = async () => ({ ...seen(then.status), reason: 'why' });
    gateways.stacks.failures = async () => (then.failures ?? []) as never;
    const again = { id: 'again', parameters, inputs };
    const token = answer?.kind === 'continues' ? answer.token : '';
    return (await bench.deliver({ ...again, continuationToken: token })).answers[0]?.answer;
  }

  it.each([
    [
      { status: 'UPDATE_COMPLETE', minutes: 2 },
      { kind: 'succeeded', summary: 'stack shop: UPDATE_COMPLETE' },
    ],
    [
      { status: 'UPDATE_IN_PROGRESS', minutes: 2 },
      { kind: 'continues', summary: 'stack shop: UPDATE_IN_PROGRESS' },
    ],
    [
      { status: 'UPDATE_IN_PROGRESS', minutes: 31 },
      { kind: 'failed', message: expect.stringMatching(/after 30 minutes; it goes on/) },
    ],
    [
      { status: 'UPDATE_ROLLBACK_COMPLETE', minutes: 2 },
      { kind: 'failed', message: 'stack shop ended as UPDATE_ROLLBACK_COMPLETE: why' },
    ],
    [
      { status: 'UPDATE_ROLLBACK_COMPLETE', minutes: 2, failures: [{ logicalId: 'A', type: 'T', reason: 'taken' }] },
      { kind: 'failed', message: 'stack shop ended as UPDATE_ROLLBACK_COMPLETE: A (T): taken' },
    ],
  ])('that finds the stack as %j answers %j', async (then, answer) => {
    expect(await looks({ stack: seen('UPDATE_COMPLETE') }, then)).toMatchObject(answer);
  });

  it('gives the outputs that are asked for as variables, and fails where the stack has not all of them', async () => {
    const stack = seen('UPDATE_COMPLETE');
    const then = { status: 'UPDATE_COMPLETE', minutes: 2 };
    const compared = { status: 'failed', reason: 'No updates are to be performed.' } as const;
    const unchanged = async (outputVariables: string[]) =>
      (await deliver(world({ stack, compared }).gateways, { outputVariables })).answers[0]?.answer;
    const updated = (outputVariables: string[]) => looks({ stack }, then, { outputVariables });
    for (const run of [unchanged, updated]) {
      expect(await run(['Url'])).toMatchObject({ kind: 'succeeded', outputs: { Url: 'u', outputs: '{"Url":"u"}' } });
      expect(await run(['Url', 'Arn'])).toMatchObject({
        ...{ kind: 'failed', type: 'ConfigurationError' },
        message: expect.stringContaining('it has no output Arn; it has: Url;'),
      });
    }
  });

  it('leaves the JSON of all outputs out where it is too large beside the others, and no other', () => {
    const outputs = Object.fromEntries(Array.from({ length: 60 }, (_none, index) => [`O${index}`, 'x'.repeat(1_000)]));
    const of = (outputVariables: string[]) =>
      outputsOf(
        { ...seen('CREATE_COMPLETE'), outputs },
        declaration.parameters.parse({ ...applied, outputVariables }),
        {
          ...{ changeCount: 1, startedAt: '2026-01-05T09:00:00Z' },
        },
      );
    expect(Object.keys(of([]))).toEqual(['stackId', 'stackName', 'changeCount', 'outputs']);
    expect(Object.keys(of(Object.keys(outputs)))).toEqual([
      ...Object.keys(outputs),
      'stackId',
      'stackName',
      'changeCount',
    ]);
  });

  it.each([
    ['create', 'CREATE_IN_PROGRESS', ['delete clear']],
    ['create', 'CREATE_COMPLETE', []],
    ['update', 'UPDATE_IN_PROGRESS', []],
    ['delete', 'DELETE_IN_PROGRESS', []],
  ] as const)(
    'that is given up during a %s (%s) deletes half a stack, and no other',
    async (operation, status, expected) => {
      const { calls, gateways } = world({ stack: seen(status) });
      const state = {
        phase: 'operating',
        operation,
        name: 'slipway-1',
        stackId: 'stack/1',
        startedAt: '',
        changeCount: 1,
      };
      await provision.cancel?.({ gateways, state } as never);
      expect(calls).toEqual(expected);
    },
  );

  it('refuses a time to live for what it deletes', async () => {
    const expiry = { afterHours: 1, roleArn: 'arn:aws:iam::123456789012:role/sweep' };
    const { answers } = await deliver(world({}).gateways, { operation: 'delete', expiry });
    expect(answers[0]?.answer).toMatchObject({ type: 'ConfigurationError' });
  });
});

describe('what is granted', () => {
  const [stackRole, sweeper] = ['provision', 'sweep'].map((name) => `arn:aws:iam::123456789012:role/${name}`);
  const where = {
    ...{ partition: 'aws', region: 'eu-central-1', account: '123456789012', pipelineArn: '' },
    partOf: (arn: string, index: number) => arn.split(':')[index] ?? '',
  };
  const granted = (parameters: object) =>
    declaration.permissionsFor?.(
      declaration.parameters.parse({ stackName: 'preview', roleArn: stackRole, ...parameters }),
      where,
    ) ?? [];
  const passed = (role: string | undefined, service: string) => ({
    ...{ actions: ['iam:PassRole'], resources: [role] },
    conditions: { StringEquals: { 'iam:PassedToService': service } },
  });

  it('to delete is to delete and to look, and no change sets', () => {
    expect(granted({ operation: 'delete', templateBucket: 'templates' })).toEqual([
      {
        actions: ['DeleteStack', 'DescribeStacks', 'DescribeStackEvents'].map((call) => `cloudformation:${call}`),
        resources: ['arn:aws:cloudformation:eu-central-1:123456789012:stack/preview/*'],
      },
      passed(stackRole, 'cloudformation.amazonaws.com'),
    ]);
  });

  it('to apply passes each role to the one service that it is for', () => {
    const grants = granted({ expiry: { afterHours: 1, roleArn: sweeper } });
    expect(grants[0]?.actions).toContain('cloudformation:ExecuteChangeSet');
    expect(grants.filter(({ actions }) => actions.includes('iam:PassRole'))).toEqual([
      passed(stackRole, 'cloudformation.amazonaws.com'),
      passed(sweeper, 'scheduler.amazonaws.com'),
    ]);
  });
});

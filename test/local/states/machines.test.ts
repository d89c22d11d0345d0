import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStates } from '../../../local/services/states/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { definitionOf, makeMachine, openStatesCloud, roleArn, settle, start } from './states-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await openStatesCloud();
});

afterEach(() => cloud.close());

const giving = (text: string) => ({ Give: { Type: 'Pass', Output: text, End: true } });
const call = <Output = Record<string, unknown>>(operation: string, input: object) =>
  cloud.call<Output>('states', operation, input);

describe('definitions', () => {
  const pass = { Type: 'Pass', End: true };
  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };

  it.each([
    ['/States/A', { A: { Type: 'Pass' } }],
    ['/States/A/Next', { A: { Type: 'Pass', Next: 'B' } }],
    ['/States/B', { A: pass, B: pass }],
    ['/States/A/Type', { A: { Type: 'Jump', End: true } }],
    ['/States/A', { A: { ...pass, InputPath: '$' } }],
    ['/States/A/Output/v', { A: { ...pass, Output: { v: '{% 1 + %}' } } }],
    ['/States/A/Output/v', { A: { ...pass, Output: { v: '{% phone %}' } } }],
    ['/States/A/Assign/states', { A: { ...pass, Assign: { states: 1 } } }],
    ['/States/A', { A: { Type: 'Wait', End: true } }],
    ['/States/A/Timestamp', { A: { Type: 'Wait', Timestamp: 'soon', End: true } }],
    ['/States/A/Choices', { A: { Type: 'Choice', Choices: [] } }],
    ['/States/A/Choices[0]/Condition', { A: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'A' }] } }],
    ['/States/A/Resource', { A: { ...task, Resource: 'arn:aws:states:::dynamodb:putItem.waitForTaskToken' } }],
    ['/States/A/Resource', { A: { ...task, Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItems' } }],
    ['/States/A/Resource', { A: { ...task, Resource: 'arn:aws:states:::aws-sdk:dynamodb:PutItem' } }],
    ['/States/A/Resource', { A: { ...task, Resource: 'plan' } }],
    ['/States/A', { A: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 5 } }],
    ['/States/A/Retry[0]/ErrorEquals', { A: { ...task, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] } }],
    [
      '/States/A/Retry[0]/ErrorEquals',
      { A: { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] } },
    ],
    ['/States/A/Retry[0]', { A: { ...task, Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 9, MaxDelaySeconds: 9 }] } }],
    ['/States/A/Catch[0]/Next', { A: { ...task, Catch: [{ ErrorEquals: ['X'], Next: 'B' }] } }],
  ])('[states.definition.place] refuses with the place %s: %o', async (place, states) => {
    const error = await makeMachine(cloud, states).then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error).toMatchObject({ code: 'InvalidDefinition' });
    expect(error?.message.endsWith(` at ${place}'`), error?.message).toBe(true);
  });

  it('[states.definition.json] refuses what is no JSON and what has no states', async () => {
    for (const definition of ['{', '{}', '{"StartAt":"A","States":{}}']) {
      const made = call('CreateStateMachine', { name: 'm', definition, roleArn });
      await expect(made).rejects.toMatchObject({ code: 'InvalidDefinition' });
    }
  });

  it.each([
    [
      'state A: a Map in mode DISTRIBUTED',
      { A: { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true } },
      {},
    ],
    ['state A: ItemReader', { A: { Type: 'Map', ItemReader: {}, End: true } }, {}],
    [
      'state A: a Map in mode DISTRIBUTED',
      { A: { Type: 'Map', Iterator: { ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true } },
      {},
    ],
    [
      '/States/A: run a job (arn:aws:states:::codebuild:startBuild.sync)',
      { A: { ...task, Resource: 'arn:aws:states:::codebuild:startBuild.sync' } },
      {},
    ],
    [
      '/States/A: the integration arn:aws:states:::ecs:runTask',
      { A: { ...task, Resource: 'arn:aws:states:::ecs:runTask' } },
      {},
    ],
    [
      '/States/A: the integration arn:aws:states:::aws-sdk:ec2:runInstances',
      { A: { ...task, Resource: 'arn:aws:states:::aws-sdk:ec2:runInstances' } },
      {},
    ],
  ])('[states.definition.not-local] refuses by name what is not supported locally: %s', async (what, states, more) => {
    const made = makeMachine(cloud, states, more);
    await expect(made).rejects.toMatchObject({ code: 'NotImplemented', message: expect.stringContaining(what) });
  });

  it('[states.jsonata.documents] accepts names below a document: predicates, maps and groups', async () => {
    const expressions = [
      '$states.input.items[price > 3].name',
      '$map($states.input.items, function($i) { $i.price })',
      '$states.input{name: price}',
      '$states.input ~> | items | { "price": price } |',
    ];
    const Output = expressions.map((text) => `{% ${text} %}`);
    expect(await makeMachine(cloud, { A: { ...pass, Output } })).toContain(':stateMachine:');
  });
});

describe('machines', () => {
  it('[states.create.idempotent] makes the same machine once, and refuses another one of its name', async () => {
    const input = { name: 'm', definition: definitionOf(giving('1')), roleArn };
    const first = await call('CreateStateMachine', input);
    expect(await call('CreateStateMachine', { ...input, roleArn: `${roleArn}2` })).toEqual(first);
    await expect(call('CreateStateMachine', { ...input, definition: definitionOf(giving('2')) })).rejects.toMatchObject(
      {
        code: 'StateMachineAlreadyExists',
      },
    );
  });

  it('[states.revision] describes a machine without a revision id until it is updated', async () => {
    const stateMachineArn = await makeMachine(cloud, giving('1'));
    const before = await call('DescribeStateMachine', { stateMachineArn });
    expect(before).toMatchObject({
      status: 'ACTIVE',
      type: 'STANDARD',
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(before).not.toHaveProperty('revisionId');
    const { revisionId } = await call('UpdateStateMachine', { stateMachineArn, definition: definitionOf(giving('2')) });
    expect(await call('DescribeStateMachine', { stateMachineArn })).toMatchObject({ revisionId });
    await expect(call('UpdateStateMachine', { stateMachineArn })).rejects.toMatchObject({
      code: 'MissingRequiredParameter',
    });
  });

  it('[states.update.running] lets running executions keep the definition that they started with', async () => {
    const wait = { Type: 'Wait', Seconds: 10, Next: 'Give' };
    const stateMachineArn = await makeMachine(cloud, { Wait: wait, ...giving('old') });
    const execution = await start(cloud, stateMachineArn);
    await cloud.timers.settled();
    await call('UpdateStateMachine', { stateMachineArn, definition: definitionOf({ Wait: wait, ...giving('new') }) });
    await cloud.advance(10_000);
    expect((await settle(cloud, execution)).output).toBe('"old"');
    const { definition } = await call('DescribeStateMachineForExecution', { executionArn: execution });
    expect(definition).toContain('old');
  });

  it('[states.delete] deletes a machine at once, or with its last execution, which ends at its next transition', async () => {
    const idle = await makeMachine(cloud, giving('1'));
    await call('DeleteStateMachine', { stateMachineArn: idle });
    await expect(call('DescribeStateMachine', { stateMachineArn: idle })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
    await call('DeleteStateMachine', { stateMachineArn: idle });
    const busy = await makeMachine(cloud, { Wait: { Type: 'Wait', Seconds: 10, Next: 'Give' }, ...giving('1') });
    const execution = await start(cloud, busy);
    await cloud.timers.settled();
    await call('DeleteStateMachine', { stateMachineArn: busy });
    expect(await call('DescribeStateMachine', { stateMachineArn: busy })).toMatchObject({ status: 'DELETING' });
    await expect(start(cloud, busy)).rejects.toMatchObject({ code: 'StateMachineDeleting' });
    await cloud.advance(10_000);
    expect((await settle(cloud, execution)).status).toBe('ABORTED');
    await expect(call('DescribeStateMachine', { stateMachineArn: busy })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
  });
});

async function createPublished(name: string, [states = {}]: Record<string, object>[]) {
  const input = { name, definition: definitionOf(states), roleArn, publish: true };
  return call<{ stateMachineVersionArn: string }>('CreateStateMachine', input);
}

describe('versions and aliases', () => {
  const publish = (stateMachineArn: string, more: object = {}) =>
    call<{ stateMachineVersionArn: string }>('PublishStateMachineVersion', { stateMachineArn, ...more });

  it('[states.version.publish] publishes each revision once and never uses a number again', async () => {
    const stateMachineArn = await makeMachine(cloud, giving('1'));
    expect((await publish(stateMachineArn)).stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    expect((await publish(stateMachineArn)).stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    const updated = await call('UpdateStateMachine', {
      stateMachineArn,
      definition: definitionOf(giving('2')),
      publish: true,
    });
    expect(updated['stateMachineVersionArn']).toBe(`${stateMachineArn}:2`);
    await expect(publish(stateMachineArn, { revisionId: 'another' })).rejects.toMatchObject({
      code: 'ConflictException',
    });
    await call('DeleteStateMachineVersion', { stateMachineVersionArn: `${stateMachineArn}:2` });
    expect((await publish(stateMachineArn)).stateMachineVersionArn).toBe(`${stateMachineArn}:3`);
    const { stateMachineVersions } = await call<{ stateMachineVersions: { stateMachineVersionArn: string }[] }>(
      'ListStateMachineVersions',
      { stateMachineArn },
    );
    expect(stateMachineVersions.map((version) => version.stateMachineVersionArn)).toEqual([
      `${stateMachineArn}:3`,
      `${stateMachineArn}:1`,
    ]);
  });

  it('[states.version.run] runs what a version and an alias stand for', async () => {
    const stateMachineArn = await makeMachine(cloud, giving('one'));
    await publish(stateMachineArn);
    await call('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }],
    });
    await call('UpdateStateMachine', { stateMachineArn, definition: definitionOf(giving('two')), publish: true });
    expect((await settle(cloud, await start(cloud, stateMachineArn))).output).toBe('"two"');
    expect(await settle(cloud, await start(cloud, `${stateMachineArn}:1`))).toMatchObject({
      output: '"one"',
      stateMachineVersionArn: `${stateMachineArn}:1`,
    });
    expect(await settle(cloud, await start(cloud, `${stateMachineArn}:live`))).toMatchObject({
      output: '"one"',
      stateMachineVersionArn: `${stateMachineArn}:1`,
      stateMachineAliasArn: `${stateMachineArn}:live`,
    });
    const listed = await call<{ executions: unknown[] }>('ListExecutions', {
      stateMachineArn: `${stateMachineArn}:live`,
    });
    expect(listed.executions).toHaveLength(1);
    await expect(
      call('DeleteStateMachineVersion', { stateMachineVersionArn: `${stateMachineArn}:1` }),
    ).rejects.toMatchObject({
      code: 'ConflictException',
      message: expect.stringContaining('[live]'),
    });
  });

  it('[states.alias.running] leaves a running execution its version when the alias moves on', async () => {
    const { stateMachineVersionArn: first } = await createPublished('wait', [
      { Wait: { Type: 'Wait', Seconds: 9, Next: 'Done' }, Done: { Type: 'Pass', Output: 'first', End: true } },
    ]);
    const machine = first.replace(/:\d+$/, '');
    const route = (arn: string) => [{ stateMachineVersionArn: arn, weight: 100 }];
    const { stateMachineAliasArn } = await call<{ stateMachineAliasArn: string }>('CreateStateMachineAlias', {
      name: 'live',
      routingConfiguration: route(first),
    });
    const execution = await start(cloud, stateMachineAliasArn);
    await cloud.timers.settled();
    const { stateMachineVersionArn: second = '' } = await call<{ stateMachineVersionArn?: string }>(
      'UpdateStateMachine',
      {
        stateMachineArn: machine,
        definition: definitionOf(giving('"second"')),
        publish: true,
      },
    );
    await call('UpdateStateMachineAlias', { stateMachineAliasArn, routingConfiguration: route(second) });
    await cloud.advance(9_000);
    expect(await settle(cloud, execution)).toMatchObject({ output: '"first"', stateMachineVersionArn: first });
  });

  it('[states.alias.weights] shares the executions of an alias among two versions by weight', async () => {
    const stateMachineArn = await makeMachine(cloud, giving('one'));
    await publish(stateMachineArn);
    await call('UpdateStateMachine', { stateMachineArn, definition: definitionOf(giving('two')), publish: true });
    const route = (version: number, weight: number) => ({
      stateMachineVersionArn: `${stateMachineArn}:${version}`,
      weight,
    });
    await call('CreateStateMachineAlias', { name: 'live', routingConfiguration: [route(1, 50), route(2, 50)] });
    const outputs = new Set<unknown>();
    for (let runs = 0; runs < 60; runs += 1) {
      outputs.add((await settle(cloud, await start(cloud, `${stateMachineArn}:live`))).output);
    }
    expect([...outputs].toSorted()).toEqual(['"one"', '"two"']);
    const stateMachineAliasArn = `${stateMachineArn}:live`;
    await call('UpdateStateMachineAlias', {
      stateMachineAliasArn,
      description: 'both',
      routingConfiguration: [route(2, 100)],
    });
    expect(await call('DescribeStateMachineAlias', { stateMachineAliasArn })).toMatchObject({
      name: 'live',
      description: 'both',
      routingConfiguration: [route(2, 100)],
    });
  });

  it.each([
    [
      'ValidationException',
      [
        [1, 70],
        [2, 29],
      ],
    ],
    [
      'ValidationException',
      [
        [1, 100],
        [1, 0],
      ],
    ],
    ['ValidationException', []],
    ['ValidationException', [[1, 101]]],
    ['ResourceNotFound', [[9, 100]]],
  ])('[states.alias.routes] refuses with %s the routes %o', async (code, routes) => {
    const stateMachineArn = await makeMachine(cloud, giving('one'));
    await publish(stateMachineArn);
    await call('UpdateStateMachine', { stateMachineArn, definition: definitionOf(giving('two')), publish: true });
    const routingConfiguration = routes.map(([version, weight]) => ({
      stateMachineVersionArn: `${stateMachineArn}:${version}`,
      weight,
    }));
    await expect(call('CreateStateMachineAlias', { name: 'live', routingConfiguration })).rejects.toMatchObject({
      code,
    });
  });
});

describe('resources', () => {
  it('[states.resources] provisions a machine, a version of each revision and an alias', async () => {
    const properties = {
      StateMachineName: 'release',
      RoleArn: roleArn,
      DefinitionString: definitionOf({ Give: { Type: 'Pass', Output: '${text}', End: true } }),
      DefinitionSubstitutions: { text: 'say "hi"' },
    };
    const machine = await cloud.provision('AWS::StepFunctions::StateMachine', 'Release', properties);
    expect(machine).toEqual({
      physicalId: 'arn:aws:states:us-east-1:123456789012:stateMachine:release',
      attributes: { Arn: machine.physicalId, Name: 'release', StateMachineRevisionId: 'INITIAL' },
    });
    const version = await cloud.provision('AWS::StepFunctions::StateMachineVersion', 'Version', {
      StateMachineArn: machine.physicalId,
      StateMachineRevisionId: 'INITIAL',
    });
    expect(version.physicalId).toBe(`${machine.physicalId}:1`);
    const alias = await cloud.provision('AWS::StepFunctions::StateMachineAlias', 'Live', {
      Name: 'live',
      DeploymentPreference: { StateMachineVersionArn: version.physicalId, Type: 'ALL_AT_ONCE' },
    });
    expect(alias.physicalId).toBe(`${machine.physicalId}:live`);
    expect((await settle(cloud, await start(cloud, alias.physicalId))).output).toBe('"say \\"hi\\""');
    const again = await cloud.provision('AWS::StepFunctions::StateMachine', 'Release', {
      ...properties,
      DefinitionSubstitutions: { text: 'bye' },
    });
    expect(again.attributes['StateMachineRevisionId']).not.toBe('INITIAL');
    expect((await settle(cloud, await start(cloud, alias.physicalId))).output).toBe('"say \\"hi\\""');
  });

  it('[states.resources.asset] reads a definition from an asset', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-asset-'));
    writeFileSync(join(folder, 'release.asl.json'), definitionOf(giving('${who}')));
    const other = await testCloud({ services: [openStates], assetPath: (_bucket, key) => join(folder, key) });
    const machine = await other.provision('AWS::StepFunctions::StateMachine', 'Release', {
      RoleArn: roleArn,
      DefinitionS3Location: { Bucket: 'assets', Key: 'release.asl.json' },
      DefinitionSubstitutions: { who: 'Ada' },
    });
    expect((await settle(other, await start(other, machine.physicalId))).output).toBe('"Ada"');
    await other.close();
    rmSync(folder, { recursive: true });
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ofType, synthesizedStacks, target, type TemplateResource } from './synthesized.ts';

const { engine } = synthesizedStacks();
const folder = new URL('../../state-machines/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.asl.json'));
const definitions = new Map(
  files.map((file) => [file, JSON.stringify(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))]),
);

/** What the service itself needs on the role: delivery of its log, traces, and the table's key. */
const ownToTheService = /^(logs|xray|kms):/;

/** `arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken` needs `dynamodb:UpdateItem`. */
function actionFor(resource: string): string {
  const [, service = '', call = ''] = /^arn:aws:states:::(?:aws-sdk:)?([a-z0-9]+):([A-Za-z]+)/.exec(resource) ?? [];
  if (service === 'lambda' && call === 'invoke') return 'lambda:InvokeFunction';
  return `${service}:${call.charAt(0).toUpperCase()}${call.slice(1)}`;
}

function neededActions(definition: string): Set<string> {
  return new Set([...definition.matchAll(/"Resource":"([^"]+)"/g)].map(([, resource = '']) => actionFor(resource)));
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
}

function grantedActions(roleId: string): Set<string> {
  const inline: unknown[] = engine[roleId]?.Properties['Policies'] ?? [];
  const attached = ofType(engine, 'AWS::IAM::Policy')
    .filter(([, policy]) => policy.Properties['Roles'].some((role: unknown) => target(role) === roleId))
    .map(([, policy]) => policy.Properties);
  // What a policy document holds.
  const documents = [...inline, ...attached] as { PolicyDocument: { Statement: Statement[] } }[];
  return new Set(
    documents
      .flatMap(({ PolicyDocument: document }) => document.Statement)
      .filter(({ Effect: effect }) => effect === 'Allow')
      .flatMap(({ Action: action }) => action)
      .filter((action) => !ownToTheService.test(action)),
  );
}

function machineOf(file: string): TemplateResource | undefined {
  return ofType(engine, 'AWS::StepFunctions::StateMachine')
    .map(([, machine]) => machine)
    .find(({ Properties: { DefinitionString: definition } }) => definition === definitions.get(file));
}

describe.each(files)('%s', (file) => {
  it('is a state machine of the engine', () => {
    expect(machineOf(file)).toBeDefined();
  });

  it('may do exactly what its states call', () => {
    const granted = grantedActions(target(machineOf(file)?.Properties['RoleArn']) ?? '');
    expect(granted).toEqual(neededActions(definitions.get(file) ?? ''));
    expect(granted.size).toBeGreaterThan(0);
  });

  it('is given every value that it names, and no other', () => {
    const named = new Set([...(definitions.get(file) ?? '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    expect(new Set(Object.keys(machineOf(file)?.Properties['DefinitionSubstitutions']))).toEqual(named);
  });

  it('keeps execution data, which holds task tokens, out of the log', () => {
    expect(machineOf(file)?.Properties['LoggingConfiguration']).toMatchObject({
      Level: 'ALL',
      IncludeExecutionData: false,
    });
  });
});

describe('the machines', () => {
  it('are those of the files, under logical ids that no refactoring may change: another id ends every release in flight', () => {
    const ids = ofType(engine, 'AWS::StepFunctions::StateMachine').map(([id]) => id);
    expect(ids.toSorted()).toEqual(['LongJobsJobMachine188A1F4D', 'ReleaseMachine78B4E86C']);
    expect(ids).toHaveLength(files.length);
  });

  it('are started through the alias, and the version before stays for executions under way', () => {
    const [[aliasId, alias] = []] = ofType(engine, 'AWS::StepFunctions::StateMachineAlias');
    const [[versionId, version] = []] = ofType(engine, 'AWS::StepFunctions::StateMachineVersion');
    expect(alias?.Properties).toMatchObject({ Name: 'live', RoutingConfiguration: [{ Weight: 100 }] });
    expect(target(alias?.Properties['RoutingConfiguration'][0].StateMachineVersionArn)).toBe(versionId);
    expect(version).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    const targets = ofType(engine, 'AWS::Events::Rule').flatMap(([, rule]) => rule.Properties['Targets']);
    expect(targets.map(({ Arn: arn }) => target(arn))).toContain(aliasId);
    expect(targets.map(({ Arn: arn }) => target(arn))).not.toContain('ReleaseMachine78B4E86C');
  });
});

/** What a function's role allows of an action, as text. */
function allowed(bundle: string, action: string): string {
  const found = ofType(engine, 'AWS::Lambda::Function').find(
    ([, { Properties: properties }]) => properties['Tags'][0].Value === bundle,
  );
  const role = engine[target(found?.[1].Properties['Role']) ?? ''];
  const statements = role?.Properties['Policies'][0].PolicyDocument.Statement as (Statement & { Resource: unknown })[];
  const matching = statements.filter(({ Action }) => [Action].flat().includes(action));
  return JSON.stringify(matching.map(({ Resource: resource }) => resource));
}

describe('whoever looks after the workflow of long jobs', () => {
  const starting = ofType(engine, 'AWS::Lambda::Function')
    .filter(
      ([, { Properties: properties }]) => 'SLIPWAY_JOB_MACHINE_ARN' in (properties['Environment']?.Variables ?? {}),
    )
    .map(([, { Properties: properties }]) => String(properties['Tags'][0].Value));

  it.each(starting)('may start it through its alias: %s', (bundle) => {
    expect(allowed(bundle, 'states:StartExecution')).toContain('stateMachine:Slipway-Engine-Job:live');
  });

  it.each(['actions-answer', 'actions-settle', 'releases-reconcile'])('has its name: %s', (bundle) => {
    expect(starting).toContain(bundle);
  });

  it('may read and resume it as the reconciler does, beside that of releases', () => {
    for (const name of ['Job', 'Release']) {
      expect(allowed('releases-reconcile', 'states:DescribeExecution')).toContain(`execution:Slipway-Engine-${name}:*`);
      expect(allowed('releases-reconcile', 'states:SendTaskSuccess')).toContain(`stateMachine:Slipway-Engine-${name}`);
    }
  });
});

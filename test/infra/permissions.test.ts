import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { actionBundle, bundleFunctions, functionEntries } from '../../infra/bundle.ts';
import { packageRoot } from '../../infra/package-root.ts';
import type { DeployedWhere } from '../../shared/actions/action.ts';
import { actions } from '../../shared/actions/registry.ts';
import { actionSamples as samples } from '../support/action-samples.ts';
import { ofType, synthesizedStacks, target } from './synthesized.ts';

// What a role grants, against the calls that its function's bundle holds: those of the files in shared/aws/ that are left
// in it.

const { engine, checkout } = synthesizedStacks();
const folder = mkdtempSync(join(tmpdir(), 'slipway-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bundles = await bundleFunctions(folder);

/** How IAM calls what a client calls something else. */
const services: Readonly<Record<string, string>> = {
  'device-farm': 'devicefarm',
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
};
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
  'lambda:Invoke': ['lambda:InvokeFunction'],
  's3:HeadObject': ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
};

/** Its calls are made with the credentials of a job, not with the role. */
const withOtherCredentials = 'shared/aws/artifact-storage.ts';

/** The IAM actions behind the commands that a file of shared/aws/ imports. */
function actionsOf(file: string): string[] {
  const source = readFileSync(join(packageRoot, file), 'utf8');
  const imports = [...source.matchAll(/import \{([^}]+)\} from '@aws-sdk\/client-([\w-]+)'/g)];
  return imports.flatMap(([, names = '', client = '']) =>
    [...names.matchAll(/\b(\w+)Command\b/g)].flatMap(([, command = '']) => {
      const action = `${services[client] ?? client}:${command}`;
      return otherwise[action] ?? [action];
    }),
  );
}

function possible(bundle: string): ReadonlySet<string> {
  const { inputs } = bundles.find(({ name }) => name === bundle)!;
  const files = Object.entries(inputs).flatMap(([file, bytes]) =>
    bytes > 0 && file.startsWith('shared/aws/') && file !== withOtherCredentials ? [file] : [],
  );
  const own = actions.filter(({ id }) => actionBundle(id) === bundle).flatMap(({ permissions }) => permissions);
  return new Set([...files.flatMap(actionsOf), ...own.flatMap((permission) => permission.actions)]);
}

/** Logs and traces, keys, and the destination of failed invocations are used by Lambda on the role's behalf. */
const byLambda = /^(logs|xray|kms|sqs|lambda):/;

/** Used on the role's behalf by the services that it hands a role or the place of a template to. */
const byOthers: readonly string[] = ['iam:PassRole', 's3:GetObject'];

/** Every action that a function's role has, from the engine and from the stacks of services. */
function granted(bundle: string): string[] {
  const found = ofType(engine, 'AWS::Lambda::Function').find(
    ([, { Properties: properties }]) => properties['Tags'][0].Value === bundle,
  );
  const roleId = target(found?.[1].Properties['Role']) ?? '';
  const inline = engine[roleId]?.Properties['Policies'] ?? [];
  const attached = [...ofType(engine, 'AWS::IAM::Policy'), ...ofType(checkout, 'AWS::IAM::Policy')]
    .map(([, policy]) => policy.Properties)
    .filter(({ Roles: roles }) => JSON.stringify(roles).includes(roleId));
  return [...inline, ...attached]
    .flatMap(({ PolicyDocument: document }) => document.Statement)
    .flatMap(({ Action: action }: { Action: string | string[] }) => action)
    .filter((action) => !byLambda.test(action));
}

const where: DeployedWhere = {
  ...{ partition: 'aws', region: 'eu-central-1', account: '123456789012' },
  pipelineArn: 'arn:aws:codepipeline:eu-central-1:123456789012:checkout',
  partOf: (arn, index) => arn.split(':')[index] ?? '',
};

/** What a role is granted where a pipeline uses the action, by its parameters. */
function perUse(bundle: string): string[] {
  // By each custom action type, in its own stack.
  if (bundle === 'actions-work') return ['codepipeline:PollForJobs', 'lambda:InvokeFunction'];
  const declaration = actions.find(({ id }) => actionBundle(id) === bundle);
  if (!declaration) return [];
  const named = [samples[declaration.id] ?? []]
    .flat()
    .flatMap((sample) => declaration.permissionsFor?.(z.parse(declaration.parameters, sample), where) ?? []);
  // Parameters that are too long to be passed are read from the one place where synth has put them.
  return ['ssm:GetParameter', ...named.flatMap((permission) => permission.actions)].filter(
    (action) => !byOthers.includes(action),
  );
}

it('has a sample for every action that is granted something by its parameters', () => {
  const asking = actions.filter(({ permissionsFor }) => permissionsFor).map(({ id }) => id);
  expect(Object.keys(samples).toSorted()).toEqual(asking.toSorted());
  expect(asking.filter((id) => perUse(actionBundle(id)).length === 1)).toEqual([]);
});

describe('the role of', () => {
  const names = functionEntries().map(({ bundle }) => bundle);

  it.each(names)('%s allows no call that its bundle cannot make', (bundle) => {
    const calls = possible(bundle);
    expect([...granted(bundle), ...perUse(bundle)].filter((action) => !calls.has(action))).toEqual([]);
  });

  it.each(names)('%s allows something of every service that its bundle calls', (bundle) => {
    const serviceOf = (action: string): string => action.split(':')[0] ?? '';
    const used = new Set([...possible(bundle)].map(serviceOf));
    expect(new Set([...granted(bundle), ...perUse(bundle)].map(serviceOf))).toEqual(used);
  });
});

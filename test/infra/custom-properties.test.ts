import { createHash } from 'node:crypto';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { kindsOf, passProperties, propertiesOf } from '../../infra/pipelines/custom-properties.ts';
import { declareAction, type ActionDeclaration } from '../../shared/actions/action.ts';
import { jobEventSchema, parseUserParameters, userParametersOf } from '../../shared/actions/runner/job-event.ts';
import { hashOfNames } from '../../shared/actions/runner/parameter-names.ts';
import { actions } from '../../shared/actions/registry.ts';
import { withStoredParameters, type StoredParameters } from '../../shared/actions/runner/stored-parameters.ts';
import type { WorkOrder } from '../../shared/actions/worker/work-order.ts';
import { eventOf } from '../../shared/actions/worker/worker-job.ts';
import { actionSamples } from '../support/action-samples.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

const declared = (parameters: ActionDeclaration['parameters']): ActionDeclaration =>
  declareAction({ id: 'probe', description: 'A probe.', parameters, outputs: [] });

const names = (declaration: ActionDeclaration): readonly string[] => propertiesOf(declaration).map(({ name }) => name);

it.each([
  ['nine parameters', z.strictObject(Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`p${n}`, z.string()])))],
  ['no names of them', z.string()],
  ['names that nobody knows', z.record(z.string(), z.string())],
  ['more names than are known', z.looseObject({ a: z.string() })],
  ['the name of a property of Slipway', z.strictObject({ installation: z.string() })],
  ['a name that is too long', z.strictObject({ ['n'.repeat(51)]: z.string() })],
])('has one property for all parameters of an action that has %s', (_what, parameters) => {
  expect(names(declared(parameters))).toEqual(['Parameters', 'Installation']);
});

it('has a property for each of eight parameters', () => {
  const eight = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`p${n}`, z.string()]));
  expect(names(declared(z.strictObject(eight)))).toEqual([...Object.keys(eight), 'Parameters', 'Installation']);
});

describe('an action of a custom action type', () => {
  const probe = declared(
    z.strictObject({
      name: z.string(),
      text: z.optional(z.string()),
      headers: z.optional(z.record(z.string(), z.string())),
    }),
  );
  const long = 'x'.repeat(1001);
  let count = 0;
  const passed = (parameters: object) => {
    const stack = new Stack(new App(), `Passing${(count += 1)}`);
    return { ...passProperties(stack, 'here', { declaration: probe, parameters }), stack };
  };

  it.each([
    ['of more than 1,000 characters', long],
    ['without any', ''],
  ])('stores a value %s, and says where', (_what, text) => {
    const { configuration, stored, stack } = passed({ name: 'a', text });
    expect(stored).toBeDefined();
    const [parameter] = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
    const { Name: name, Value: value } = parameter?.['Properties'];
    expect(JSON.parse(value)).toEqual({ text });
    const sha256 = createHash('sha256').update(value).digest('hex');
    expect(configuration).toEqual({ name: 'a', Parameters: JSON.stringify({ parametersFrom: { name, sha256 } }) });
  });

  it('passes the names of its parameters where it passes a variable', () => {
    const parameters = { name: 'a', headers: { 'x-note': '#{Source.CommitMessage}' } };
    const { configuration, stack } = passed(parameters);
    expect(stack.resolve(configuration)).toEqual({
      ...{ name: 'a', headers: '{"x-note":"#{Source.CommitMessage}"}' },
      Parameters: JSON.stringify({ names: hashOfNames(parameters) }),
    });
  });

  it.each([
    ['is empty and required', { name: '' }, /^here: parameters.name has 0 characters, CodePipeline allows 1 to 1000/],
    ['is long and required', { name: long }, /^here: parameters.name has 1001 characters.*requires its property/],
    [
      'is known later',
      { name: 'a', text: `${long}#{a.b}` },
      /^here: parameters.text has 1007 .*when the pipeline runs/,
    ],
  ])('refuses a value that can be nowhere, since it %s', (_what, parameters, message) => {
    expect(() => passed(parameters)).toThrow(message);
  });
});

const samples: typeof actionSamples = {
  ...actionSamples,
  bake: { alarms: Array.from({ length: 20 }, (_, n) => `${'a'.repeat(200)}${n}`) },
  'variable-check': { checks: [{ value: '1', operator: 'equals', expected: '1' }] },
};

describe.each(actions.map((declaration) => ({ declaration, id: declaration.id })))(
  'the custom action type of $id',
  ({ declaration, id }) => {
    it('keeps to the limits of CodePipeline, and its function gets the parameters that its pipeline gave', async () => {
      const parameters = [samples[id] ?? {}].flat()[0] as object; // no sample is empty
      const stack = new Stack(new App(), 'Passing');
      const { configuration } = passProperties(stack, 'here', { declaration, parameters });
      const properties = propertiesOf(declaration);
      expect(properties.length).toBeLessThanOrEqual(10);
      const given = Object.keys(configuration);
      expect(properties.map(({ name }) => name)).toEqual(expect.arrayContaining(given));
      const required = properties.filter((property) => property.required).map(({ name }) => name);
      expect([...given, 'Installation']).toEqual(expect.arrayContaining(required));
      const texts = Object.values(configuration).map((text) => String(stack.resolve(text)));
      expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(1000);
      const resolved = Object.fromEntries(given.map((name, n) => [name, texts[n] ?? '']));
      const job = { ...{ id: 'job-1', accountId: undefined, place: undefined, data: {} }, configuration: resolved };
      const order = { ...orderOf, parameters: kindsOf(declaration) };
      const event = jobEventSchema.parse(eventOf(job, order))['CodePipeline.job'];
      const text = await withStoredParameters(userParametersOf(event), storedIn(stack));
      expect(parseUserParameters(String(text), declaration.parameters)).toMatchObject({
        parameters: z.parse(declaration.parameters, parameters),
      });
    });
  },
);

const orderOf: Omit<WorkOrder, 'parameters'> = {
  contract: 1,
  type: { category: 'Invoke', provider: 'Slipway-probe', version: '1' },
  ...{ installation: 'Slipway', functionArn: 'arn:function' },
};

/** Parameter Store with what a stack has put there. */
function storedIn(stack: Stack): StoredParameters {
  const resources = Object.values(Template.fromStack(stack).findResources('AWS::SSM::Parameter'));
  return { read: async (name) => resources.find((one) => one['Properties'].Name === name)?.['Properties'].Value };
}

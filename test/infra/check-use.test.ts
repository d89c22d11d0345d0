import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { checkOutput, checkUse, type ActionUse } from '../../infra/pipelines/check-use.ts';
import { declareAction, type SynthUse } from '../../shared/actions/action.ts';
import { mobileTest } from '../../shared/actions/mobile-test/declaration.ts';
import { provisionResources } from '../../shared/actions/provision-resources/declaration.ts';

describe("an action's own problems at synth", () => {
  let given: unknown;
  const deploy = declareAction({
    id: 'deploy',
    description: 'Deploys.',
    parameters: z.strictObject({ from: z.string().check(z.maxLength(9)), to: z._default(z.string(), 'production') }),
    outputs: [],
    inputArtifacts: { min: 0, max: 2 },
    outputArtifacts: { min: 0, max: 1 },
    problemsOf(parameters, use: SynthUse) {
      given = { ...parameters, ...use, isKnownLater: use.isKnownLater(parameters.from) };
      return use.inputs.includes(parameters.to) ? ['it would be deployed onto itself; name another'] : [];
    },
  });
  const use = (more: Partial<ActionUse>): void => checkUse('action Deploy', deploy, { parameters: {}, ...more });

  it('are looked for beside values that are known only later, with defaults and the names of artifacts', () => {
    const later = new CfnParameter(new Stack(), 'From').valueAsString;
    for (const from of ['#{Build.Version}', later]) {
      use({ parameters: { from }, inputs: [new Artifact('A'), new Artifact()], outputs: [new Artifact('B')] });
      expect(given).toEqual({
        ...{ from, to: 'production', isKnownLater: true },
        ...{ inputs: ['A', undefined], outputs: ['B'] },
      });
    }
  });

  it('refuse the use, by the name of the action', () => {
    expect(() => use({ parameters: { from: '#{Build.Version}' }, inputs: [new Artifact('production')] })).toThrow(
      'action Deploy: it would be deployed onto itself; name another',
    );
  });

  it('are not asked for before the parameters fit the schema', () => {
    given = undefined;
    expect(() => use({ parameters: { from: 'far too long for it' } })).toThrow('action Deploy: parameters.from');
    expect(given).toBeUndefined();
  });
});

describe('provision-resources at synth', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/provision';
  const input = new Artifact('Source');
  const refuses = (parameters: object, inputs: readonly Artifact[] = []) =>
    expect(() => checkUse('action', provisionResources, { parameters: { roleArn, ...parameters }, inputs }));

  it.each(['preview', 'preview-#{Build.Version}'])('refuses to apply %s without a template', (stackName) => {
    refuses({ stackName }).toThrow('set input to the one that holds it');
    refuses({ stackName }, [input]).not.toThrow();
    refuses({ stackName, operation: 'delete' }).not.toThrow();
  });

  it('refuses a time to live and variables of a stack that is deleted, and variables named as its own', () => {
    const expiry = { afterHours: 1, roleArn };
    refuses({ stackName: 'preview', operation: 'delete', expiry }).toThrow(
      'parameters.expiry: is for a stack that is applied',
    );
    refuses({ stackName: 'preview-#{A.B}', operation: 'delete', expiry }).toThrow('parameters.expiry: is for');
    refuses({ stackName: 'preview', expiry }, [input]).not.toThrow();
    const outputVariables = ['ClusterName'];
    refuses({ stackName: 'preview', operation: 'delete', outputVariables }).toThrow(
      'parameters.outputVariables: is for a stack that is applied',
    );
    refuses({ stackName: 'preview', outputVariables: ['url'] }, [input]).toThrow('is one of the action itself');
  });
});

describe('outputs that parameters choose', () => {
  const applied = { stackName: 'preview-#{Build.Version}', roleArn: 'r', outputVariables: ['ClusterName'] };
  const names = (output: string, parameters?: unknown) =>
    expect(() => checkOutput(provisionResources, output, parameters));

  it('are those that were chosen, beside the others', () => {
    names('ClusterName', applied).not.toThrow();
    names('stackId', applied).not.toThrow();
    names('ClusterArn', applied).toThrow(
      'action provision-resources has no output "ClusterArn"; it has: stackId, stackName, changeCount, outputs, url, expiresAt, ClusterName',
    );
    names('ClusterName', { stackName: 'preview', roleArn: 'r' }).toThrow('has no output "ClusterName"');
    names('*', applied).toThrow('has no output "*"');
  });

  it('are not checked where nobody knows what was chosen', () => {
    const later = new CfnParameter(new Stack(), 'Names', { type: 'CommaDelimitedList' }).valueAsList;
    names('ClusterName', { ...applied, outputVariables: later }).not.toThrow();
    names('ClusterName').not.toThrow();
  });

  it('are declared with the sign that stands for them', () => {
    const declared = (outputs: readonly string[], more: object) => () =>
      declareAction({ id: 'a', description: 'A.', parameters: z.strictObject({}), outputs, ...more });
    expect(declared(['*'], {})).toThrow('declare both or neither');
    expect(declared(['x'], { outputsFor: () => [] })).toThrow('declare both or neither');
    expect(declared(['x', '*'], { outputsFor: () => [] })).not.toThrow();
  });
});

describe('mobile-test at synth', () => {
  const uses = (parameters: object) =>
    expect(() =>
      checkUse('action', mobileTest, {
        parameters: {
          projectArn: 'arn:aws:devicefarm:us-west-2:123456789012:project:p-1',
          devicePoolArn: 'arn:aws:devicefarm:us-west-2::devicepool:x',
          ...parameters,
        },
        inputs: [new Artifact('App')],
      }),
    );

  it.each(['a.ipa', '#{Build.App}'])('refuses a test spec for types of tests that have none, of %s', (app) => {
    const [testSpec, testPackage] = ['spec.yml', 'tests.zip'];
    uses({ app, testType: 'XCTEST', testPackage, testSpec }).toThrow('parameters.testSpec: is for every testType but');
    uses({ app, testType: 'BUILTIN_FUZZ', testSpec }).toThrow('parameters.testSpec: is for every testType but');
    uses({ app, testType: 'XCTEST_UI', testPackage, testSpec }).not.toThrow();
    uses({ app, testType: 'XCTEST', testPackage }).not.toThrow();
  });

  it.each(['a.ipa', '#{Build.App}'])(
    'refuses tests where there are none, and none where there must be, of %s',
    (app) => {
      uses({ app, testType: 'BUILTIN_FUZZ', testPackage: 'tests.zip' }).toThrow('parameters.testPackage: is needed by');
      uses({ app, testType: 'APPIUM_NODE' }).toThrow('parameters.testPackage: is needed by');
      uses({ app, testType: 'BUILTIN_FUZZ' }).not.toThrow();
      uses({ app, testType: '#{Build.Type}' }).not.toThrow();
    },
  );
});

import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { Artifact, Pipeline } from 'aws-cdk-lib/aws-codepipeline';
import { S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, expect, it } from 'vitest';
import { bundlesContext } from '../../infra/bundle.ts';
import { ActionFunction, RunWorkflowAction, Slipway } from '../../infra/public.ts';
import { printLabels } from '../support/own-actions/print-labels.ts';
import { emptyBundles } from './synthesized.ts';

// CDK's own validation of templates is not what is tested here, and slow.
process.env['CDK_VALIDATION'] = 'false';

const bundles = emptyBundles();
afterAll(() => rmSync(bundles, { recursive: true }));

/** What Slipway's stacks export in an app. */
function exportsOf(use: (slipway: Slipway, stack: Stack) => void): Readonly<Record<string, readonly string[]>> {
  const app = new App({ context: { [bundlesContext]: bundles }, analyticsReporting: false });
  const slipway = new Slipway(app, 'Slipway');
  use(slipway, new Stack(app, 'Shop'));
  const assembly = app.synth();
  const exported = (name: string): string[] => Object.keys(assembly.getStackByName(name).template.Outputs).toSorted();
  return { data: exported('Slipway-Data'), engine: exported('Slipway-Engine') };
}

it('are the same whether or not a pipeline uses actions, so that each can be removed again', () => {
  const used = exportsOf((slipway, stack) => {
    const bucket = new Bucket(stack, 'Bucket') as IBucket; // optional members that may be undefined, in the class alone
    const source = new S3SourceAction({ actionName: 'S', bucket, bucketKey: 'k', output: new Artifact() });
    const entry = new URL('../support/own-actions/print-labels.ts', import.meta.url);
    const own = new ActionFunction(stack, 'PrintLabels', { slipway, declaration: printLabels, entry });
    const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:migrate';
    const actions = [
      own.action({ actionName: 'Print', labels: ['one'], order: '1' }),
      new RunWorkflowAction({ slipway, actionName: 'Migrate', stateMachineArn }),
    ];
    new Pipeline(stack, 'Pipeline', {
      pipelineName: 'shop',
      stages: [
        { stageName: 'Source', actions: [source] },
        { stageName: 'Act', actions },
      ],
    });
  });
  expect(used['engine']?.filter((name) => name.startsWith('ExportsOutput')).length).toBeGreaterThan(10);
  expect(used).toEqual(exportsOf(() => undefined));
});

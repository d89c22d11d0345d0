import type { ActionDeclaration } from '../../shared/actions/action.ts';

/** What of a declaration decides what its function is made of. */
export type BundledParts = Pick<ActionDeclaration, 'inputArtifacts' | 'outputArtifacts' | 'gateways' | 'mayWait'>;

/**
 * The entry of an action's function, in TypeScript whose imports start from the root of Slipway's modules. The S3 client is
 * an eighth of a bundle, so an action without artifacts does without; so it is with waiting and the gateways.
 * A gateway is opened when it is first asked for, since making its client takes milliseconds of a first job.
 */
export function actionSource(
  implementation: string,
  { inputArtifacts, outputArtifacts, gateways, mayWait }: BundledParts,
  ending: '.ts' | '.js' = '.ts',
): string {
  const hasArtifacts = inputArtifacts.max + outputArtifacts.max > 0;
  return `import action from ${JSON.stringify(implementation)};
import { actionHandler } from './functions/actions/run${ending}';
${hasArtifacts ? `import { artifactsOf } from './shared/aws/artifact-storage${ending}';` : ''}
${
  mayWait
    ? `import { jobWorkflows } from './shared/aws/job-workflow${ending}';
import { openLongJobs } from './shared/actions/runner/open-long-jobs${ending}';
import { waiting } from './shared/actions/runner/waiting${ending}';`
    : ''
}
${gateways.map((name) => `import { openGateway as ${name} } from './shared/aws/gateways/${name}${ending}';`).join('\n')}
const opened = {};
export const handler = actionHandler(action, {
  ${hasArtifacts ? 'artifactsOf,' : ''}
  ${mayWait ? 'longJobs: { jobWorkflows, openLongJobs, waiting },' : ''}
  gateways: { ${gateways.map((name) => `get ${name}() { return (opened.${name} ??= ${name}()); }`).join(', ')} },
});`;
}

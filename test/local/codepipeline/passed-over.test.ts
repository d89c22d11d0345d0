import { describe, expect, it } from 'vitest';
import { refuseUnknownProviders } from '../../../local/services/codepipeline/providers/passed-over.ts';
import { parseTemplate } from '../../../local/template/template.ts';

describe('a provider to pass over', () => {
  const built = { ActionTypeId: { Category: 'Test', Owner: 'Custom', Provider: 'Own-probe', Version: '1' } };
  const templateOf = (action: object) =>
    parseTemplate(
      {
        Resources: {
          Pipeline: {
            Type: 'AWS::CodePipeline::Pipeline',
            Properties: { Stages: [{ 'Fn::If': ['Tests', { Actions: [action] }, { Ref: 'AWS::NoValue' }] }] },
          },
        },
      },
      'Shop',
    );

  it.each(['Own-probe', 'CodeBuild'])('may be %s, which the app has or AWS documents', (provider) => {
    expect(() => refuseUnknownProviders([provider], [templateOf(built)])).not.toThrow();
  });

  it.each(['Typo', 'codebuild'])('is refused as %s, which neither has, with those that the app has', (provider) => {
    expect(() => refuseUnknownProviders(['CodeBuild', provider], [templateOf(built)])).toThrow(
      `"--not-run ${provider}" passes nothing over: no pipeline of the app has an action of this provider, and AWS ` +
        "documents none of this name; the app's pipelines have: Own-probe; write it as the action's",
    );
  });

  it('may be any where a deployment alone knows the providers', () => {
    const later = { ActionTypeId: { ...built.ActionTypeId, Provider: { Ref: 'Builder' } } };
    expect(() => refuseUnknownProviders(['Typo'], [templateOf(later)])).not.toThrow();
  });
});

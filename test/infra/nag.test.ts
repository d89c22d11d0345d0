import { Validations, type App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testApp } from './synthesized.ts';

/** The rules with every finding, acknowledged or not: the one place that looks acknowledgements up is a private method. */
function everyFinding(): AwsSolutionsChecks {
  const blind: object = { isAcknowledged: () => false };
  return Object.assign(new AwsSolutionsChecks(app), blind);
}

interface Finding {
  readonly rule: string;
  readonly path: string;
}

let app: App;
let remove: () => void;
beforeAll(() => {
  vi.stubEnv('CDK_VALIDATION', 'false');
  ({ app, remove } = testApp());
  app.synth();
});
afterAll(() => {
  remove();
  vi.unstubAllEnvs();
});

function findings(checks: AwsSolutionsChecks): Finding[] {
  return checks
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({ rule: ruleName, path: constructPath })),
    );
}

/** What is acknowledged anywhere in the tree: rule, reason, and the construct's path. */
function acknowledgements(scope: IConstruct = app): { rule: string; reason: string; path: string }[] {
  const own = scope.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>)) // as Validations writes it
    .map(([rule, reason]) => ({ rule: rule.replace(/^annotation::/i, ''), reason, path: scope.node.path }));
  return [...own, ...scope.node.children.flatMap((child) => acknowledgements(child))];
}

describe('the AWS Solutions rules', () => {
  it('find nothing that is not acknowledged', () => {
    expect(findings(new AwsSolutionsChecks(app))).toEqual([]);
  });

  it('find what is acknowledged, so that no reason outlives its finding', () => {
    const found = findings(everyFinding());
    expect(found.length).toBeGreaterThan(50);
    const stale = acknowledgements().filter(
      ({ rule, path }) => !found.some((finding) => finding.rule === rule && finding.path.startsWith(`${path}/`)),
    );
    expect(stale).toEqual([]);
  });

  it('are acknowledged with a reason', () => {
    const all = acknowledgements();
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  it('are acknowledged below a stack, never for all of it', () => {
    expect(acknowledgements().filter(({ path }) => !path.includes('/'))).toEqual([]);
  });
});

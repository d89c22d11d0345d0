import { describe, expect, it } from 'vitest';
import { resolveConfiguration, variableScope } from '../../../local/services/codepipeline/engine/variables.ts';
import type { ActionRecord } from '../../../local/services/codepipeline/records/actions.ts';
import type { ExecutionRecord } from '../../../local/services/codepipeline/records/executions.ts';
import { readStructure } from '../../../local/services/codepipeline/structure/structure.ts';
import { lambdaAction, pipelineOf } from './fixture.ts';

const scope = new Map([['scan', { count: '42', 'a-b@c': 'odd', nested: '#{scan.count}' }]]);

describe('resolveConfiguration', () => {
  it.each([
    ['#{scan.count}', '42'],
    ['{"n":"#{scan.count}","m":"#{scan.a-b@c}"}', '{"n":"42","m":"odd"}'],
    ['# {scan.count} ${scan.count} #{', '# {scan.count} ${scan.count} #{'],
    ['#{scan.nested}', '#{scan.count}'],
  ])('[codepipeline.variables.syntax] makes of %s %s', (text, resolved) => {
    expect(resolveConfiguration({ key: text }, scope)).toEqual({ ok: true, configuration: { key: resolved } });
  });

  it.each(['#{scan.Count}', '#{Scan.count}', '#{scan}', '#{scan.a.b}', '#{}', '#{scan.toString}'])(
    '[codepipeline.variables.case-sensitive] does not resolve %s',
    (text) => {
      const problem = `could not resolve the variable reference ${text}`;
      expect(resolveConfiguration({ key: text }, scope)).toEqual({ ok: false, problem });
    },
  );

  it('[codepipeline.variables.resolved-size] keeps to 100 KB for the whole configuration', () => {
    const half = new Map([['big', { value: 'x'.repeat(51_200) }]]);
    expect(resolveConfiguration({ a: '#{big.value}', b: '#{big.value}' }, half)).toMatchObject({ ok: true });
    expect(resolveConfiguration({ a: '#{big.value}', b: '#{big.value}!' }, half)).toMatchObject({ ok: false });
  });
});

describe('variableScope', () => {
  const structure = readStructure(
    pipelineOf({
      One: [lambdaAction('A', { namespace: 'a' })],
      Two: [
        lambdaAction('B', { namespace: 'b' }),
        lambdaAction('C', { namespace: 'c', runOrder: 2 }),
        lambdaAction('D', { namespace: 'd', runOrder: 2 }),
      ],
      Three: [lambdaAction('E', { namespace: 'e' })],
    }),
  );
  // Only what variableScope reads.
  const execution = { id: 'e1', variables: { ring: 'inner' } } as unknown as ExecutionRecord;
  const ran = (stage: string, name: string, status: string): ActionRecord =>
    ({ stage, action: name, status, output: { outputVariables: { by: name } } }) as unknown as ActionRecord;

  it('[codepipeline.variables.ran-before] holds the outputs of those actions only that are certain to have run before', () => {
    const done = [...'A'].map((name) => ran('One', name, 'Succeeded'));
    done.push(...[...'BCD'].map((name) => ran('Two', name, 'Succeeded')), ran('Three', 'E', 'Succeeded'));
    const found = variableScope(structure, execution, { stage: 'Two', runOrder: 2, done });
    expect(Object.fromEntries(found)).toEqual({
      codepipeline: { PipelineExecutionId: 'e1' },
      variables: { ring: 'inner' },
      a: { by: 'A' },
      b: { by: 'B' },
    });
  });

  it('[codepipeline.variables.newest-run] takes the newest run of an action, and nothing of a failed one', () => {
    const done = [ran('One', 'A', 'Succeeded'), ran('One', 'A', 'Failed')];
    expect(variableScope(structure, execution, { stage: 'Two', runOrder: 1, done }).has('a')).toBe(false);
  });
});

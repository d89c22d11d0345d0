import { describe, expect, it } from 'vitest';
import { actionItems } from '../../infra/constructs/grants.ts';
import { actions } from '../../shared/actions/registry.ts';
import { keys } from '../../shared/state/table.ts';
import { waitKeys } from '../../shared/state/waits.ts';
import { ofType, synthesizedStacks, target } from './synthesized.ts';

const { engine } = synthesizedStacks();
const execution = { pipelineExecutionId: 'e', stage: 's', action: 'a' };
const isIn = (starts: readonly string[], { pk }: { readonly pk: string }): boolean =>
  starts.some((start) => pk.startsWith(start));

describe('the items that actions may use', () => {
  it('are those that their runner reads and writes', () => {
    const every = [
      ...[keys.job('j'), keys.continuation('j', 1), keys.longJob('j'), keys.effect('e/s/a', 'n'), keys.execution('e')],
      ...[keys.executionEvent('e', 'v'), keys.longJobOf(execution, 'j'), keys.release('r'), keys.event('r', 1)],
      keys.marker('r', 'v'),
    ];
    const waiting = [keys.wait(waitKeys.longJob('j')), keys.longJobEvent('workflow/x')];
    expect(every.filter((key) => !isIn(actionItems.every, key))).toEqual([]);
    expect(waiting.filter((key) => !isIn(actionItems.waiting, key))).toEqual([]);
    expect(waiting.filter((key) => isIn(actionItems.every, key))).toEqual([]);
  });

  it('are no slot, no source, and no wait of a release or an approval', () => {
    const others = [
      ...[keys.slot('shop'), keys.source('shop', 'c')],
      ...[waitKeys.approval('a'), waitKeys.slot('shop', 'r'), waitKeys.source('shop', 'c', 'r')].map(keys.wait),
      keys.wait(waitKeys.pipelineExecution('e', 1)),
    ];
    expect(others.filter((key) => isIn([...actionItems.every, ...actionItems.waiting], key))).toEqual([]);
  });

  it.each(actions)('are all that the role of $id may use of the table', ({ id, mayWait }) => {
    const [, lambda] = ofType(engine, 'AWS::Lambda::Function').find(
      ([, { Properties: properties }]) => properties['Tags'][0].Value === `actions-run-${id}`,
    ) ?? [undefined, undefined];
    const role = engine[target(lambda?.Properties['Role']) ?? ''];
    const statements = role?.Properties['Policies'][0].PolicyDocument.Statement.filter(
      ({ Action: granted }: { Action: unknown }) => JSON.stringify(granted).includes('dynamodb:'),
    );
    const starts = [...actionItems.every, ...(mayWait ? actionItems.waiting : [])];
    expect(statements).toEqual([
      expect.objectContaining({
        Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': starts.map((start) => `${start}*`) } },
      }),
    ]);
  });
});

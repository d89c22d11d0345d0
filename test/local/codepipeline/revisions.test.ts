import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestCloud } from '../../support/cloud-context.ts';
import { action, create, deployAction, execution, pipelineCloud, pipelineOf, putSource, refusal } from './fixture.ts';

interface Answer {
  readonly newRevision: boolean;
  readonly pipelineExecutionId: string;
}

let cloud: TestCloud;
let first: string;
beforeEach(async () => {
  cloud = await pipelineCloud();
  first = await putSource(cloud, { a: '1' });
  await putSource(cloud, { a: '2' });
  await create(cloud, pipelineOf({ Deploy: [deployAction()] }));
});
afterEach(() => cloud.close());

const put = async (changes: object = {}): Promise<Answer> => {
  const actionRevision = { revisionId: first, revisionChangeId: '1', created: new Date(0) };
  const place = { pipelineName: 'checkout', stageName: 'Source', actionName: 'Fetch' };
  const answer = await cloud.call<Answer>('codepipeline', 'PutActionRevision', {
    ...place,
    actionRevision,
    ...changes,
  });
  await cloud.timers.settled();
  return answer;
};

describe('PutActionRevision', () => {
  it('[codepipeline.put-action-revision.starts] starts the pipeline with a revision that is new to it', async () => {
    const { newRevision, pipelineExecutionId: id } = await put();
    expect(newRevision).toBe(true);
    expect(await execution(cloud, id)).toMatchObject({
      status: 'Succeeded',
      trigger: { triggerType: 'PutActionRevision', triggerDetail: 'arn:aws:iam::123456789012:user/local' },
    });
    expect((await action(cloud, id, 'Fetch')).output?.outputVariables).toMatchObject({ VersionId: first });
  });

  it('[codepipeline.put-action-revision.known] starts nothing for one that it has run, and tells the execution', async () => {
    const { pipelineExecutionId } = await put();
    expect(await put()).toEqual({ newRevision: false, pipelineExecutionId });
  });

  it.each([
    ['another pipeline', { pipelineName: 'none' }, /^PipelineNotFoundException/],
    ['another stage', { stageName: 'None' }, /^StageNotFoundException/],
    ['another action', { actionName: 'None' }, /^ActionNotFoundException/],
    ['an action that is no source', { stageName: 'Deploy', actionName: 'Upload' }, /^ValidationException.*no source/],
    ['no revision', { actionRevision: undefined }, /^ValidationException.*actionRevision/],
    [
      'a change id that is too long',
      { actionRevision: { revisionId: '1', revisionChangeId: 'x'.repeat(101), created: new Date(0) } },
      /^ValidationException.*revisionChangeId/,
    ],
  ])('refuses %s', async (_what, changes, why) => {
    expect(await refusal(put(changes))).toMatch(why);
  });
});

import { expect, it } from 'vitest';
import { decideChange } from '../../../local/template/plan.ts';
import type { RecordedResource } from '../../../local/template/recorded-resource.ts';
import { testType } from './stacks.ts';

const recorded: RecordedResource = {
  stackName: 'one',
  logicalId: 'Site',
  type: 'Test::Thing',
  generation: 0,
  properties: {},
  physicalId: 'site',
  attributes: { WebsiteURL: 'http://127.0.0.1:4000/_site/site' },
  assets: {},
  deletionPolicy: 'Delete',
};

it.each([
  ['updates a resource whose URL was given out under another port', 'http://127.0.0.1:4001', 'update'],
  ['leaves a resource alone whose URL is still right', 'http://127.0.0.1:4000', 'unchanged'],
])('%s', (_name, endpoint, change) => {
  expect(decideChange(recorded, { type: testType([]), properties: {}, assets: {}, endpoint })).toBe(change);
});

import * as schemas from '@aws-sdk/client-cloudformation';
import { defineService } from '../../gateway/service.ts';
import type { ResourceTypes } from '../../template/plan.ts';
import { openRecords } from '../../template/records.ts';
import type { OpenService } from '../service-module.ts';
import { changeSetMigrations, openChangeSets } from './change-sets.ts';
import { changeSetOperations } from './change-set-operations.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { runComparisons } from './compare-change-set.ts';
import { describeOperations } from './describe-operations.ts';
import { runOperations } from './execute.ts';
import { cloudFormationPermissions } from './permissions.ts';
import { resourceOperations } from './resource-operations.ts';
import { eventMigrations, openStackEvents } from './stack-events.ts';
import { stackOperations } from './stack-operations.ts';
import { openStacks, stackMigrations } from './stacks.ts';
import { templateOperations } from './template-operations.ts';

/** CloudFormation: stacks and change sets over the provisioner that also makes the app's stacks. */
export const openCloudFormation: OpenService = (context) => {
  const { store, clock } = context;
  store.migrate('cloudformation', [...stackMigrations, ...changeSetMigrations, ...eventMigrations]);
  let known: ResourceTypes | undefined;
  const state: CloudFormationState = {
    context,
    records: openRecords(store),
    stacks: openStacks(store),
    changeSets: openChangeSets(store),
    events: openStackEvents(store, clock),
    openedAtMs: clock.nowMs(),
    types() {
      if (known) return known;
      throw new Error('the resource types are not known before every service is open');
    },
  };
  runComparisons(state);
  runOperations(state);
  return {
    api: defineService<schemas.CloudFormation>({
      name: 'cloudformation',
      schemas,
      protocol: { kind: 'query', xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/' },
      operations: {
        ...changeSetOperations(state),
        ...stackOperations(state),
        ...describeOperations(state),
        ...resourceOperations(state),
        ...templateOperations(state),
      },
    }),
    permissions: cloudFormationPermissions(context, (arn) => state.changeSets.find(arn, undefined)?.stackId),
    useResourceTypes: (types) => (known = types),
  };
};

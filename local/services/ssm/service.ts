import * as schemas from '@aws-sdk/client-ssm';
import type { SSM } from '@aws-sdk/client-ssm';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { parameterResource } from './parameter-resource.ts';
import { openParameters } from './parameters.ts';
import { ssmPermissions } from './permissions.ts';
import { readOperations } from './read-operations.ts';
import { writeOperations } from './write-operations.ts';

/** Systems Manager's parameter store; the other parts of Systems Manager are not here. */
export const openSsm: OpenService = (context) => {
  const parameters = openParameters(context.store);
  return {
    api: defineService<SSM>({
      name: 'ssm',
      schemas,
      protocol: { kind: 'json', version: '1.1' },
      operations: { ...readOperations(context, parameters), ...writeOperations(context, parameters) },
    }),
    permissions: ssmPermissions(context),
    resources: [parameterResource(context, parameters)],
  };
};

import * as schemas from '@aws-sdk/client-sts';
import type { STS } from '@aws-sdk/client-sts';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { userIdOf } from './user-id.ts';

/** Security Token Service, as far as it says who calls. */
export const openSts: OpenService = ({ account }) => ({
  api: defineService<STS>({
    name: 'sts',
    schemas,
    protocol: { kind: 'query', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
    operations: {
      GetCallerIdentity: (_input, { principal }) => ({
        Account: account,
        Arn: principal.arn,
        UserId: userIdOf(principal),
      }),
    },
  }),
  // Anybody may ask who they are.
  permissions: { GetCallerIdentity: () => [] },
});

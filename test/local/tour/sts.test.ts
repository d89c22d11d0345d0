import { STS } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { tour } from './tour.ts';

tour(
  { service: 'sts', client: STS },
  {
    'tells who calls': async (sts) => {
      expect(await sts.getCallerIdentity({})).toMatchObject({
        Account: '123456789012',
        Arn: 'arn:aws:iam::123456789012:user/local',
      });
    },
  },
);

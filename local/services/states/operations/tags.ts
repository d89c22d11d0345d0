import type { SFN, Tag } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { CloudContext } from '../../service-module.ts';
import { parseMachineArn } from '../arns.ts';
import { findMachine, readTags, writeTags, type Tags } from '../machines.ts';

/** The most tags of one machine (Step Functions quota). */
const maxTags = 50;

/** Tags of state machines. Activities, the other thing that has tags, do not exist locally. */
export function tagOperations(context: CloudContext): Operations<SFN> {
  const { store } = context;
  return {
    TagResource({ resourceArn, tags = [] }) {
      store.transaction(() => {
        const arn = tagged(context, resourceArn);
        const after = { ...readTags(store, arn), ...fromList(tags) };
        if (Object.keys(after).length > maxTags) {
          throw new AwsError('TooManyTags', `A state machine has at most ${maxTags} tags.`, {
            members: { resourceName: arn },
          });
        }
        writeTags(store, arn, after);
      });
      return {};
    },

    UntagResource({ resourceArn, tagKeys = [] }) {
      store.transaction(() => {
        const arn = tagged(context, resourceArn);
        const left = Object.entries(readTags(store, arn)).filter(([key]) => !tagKeys.includes(key));
        writeTags(store, arn, Object.fromEntries(left));
      });
      return {};
    },

    ListTagsForResource({ resourceArn }) {
      const tags = readTags(store, tagged(context, resourceArn));
      return { tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
    },
  };
}

/** Tags as the API lists them, as a map. */
export function fromList(tags: readonly Tag[]): Tags {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

function tagged({ store }: CloudContext, resourceArn: string | undefined): string {
  const { arn, machineArn } = parseMachineArn(resourceArn);
  if (arn === machineArn && findMachine(store, arn)) return arn;
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
}

import type { SFN, Tag } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { CloudContext } from '../../service-module.ts';
import { parseMachineArn } from '../arns.ts';
import { validationError } from '../errors.ts';
import { findMachine, readTags, writeTags, type Tags } from '../machines.ts';

/** The most tags of one machine (Step Functions quota). */
const maxTags = 50;

/** What keys and values may be of (API Reference, Tag). */
const allowed = /^[\p{L}\p{N}\s_.:/=+\-@]*$/u;

/** Tags of state machines. Activities, the other thing that has tags, do not exist locally. */
export function tagOperations(context: CloudContext): Operations<SFN> {
  const { store } = context;
  return {
    TagResource({ resourceArn, tags = [] }) {
      store.transaction(() => {
        const arn = tagged(context, resourceArn);
        writeTags(store, arn, checked({ ...readTags(store, arn), ...fromList(tags) }, arn));
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

/** The tags that a new machine is given. @throws AwsError as TagResource does */
export function givenTags(tags: readonly Tag[], machineArn: string): Tags {
  return checked(fromList(tags), machineArn);
}

function checked(tags: Tags, machineArn: string): Tags {
  const wrong = Object.entries(tags).find(([key, value]) => /^aws:/i.test(key) || !allowed.test(`${key}${value}`));
  if (wrong) {
    throw validationError(
      `The tag '${wrong[0]}' begins with 'aws:', or has other characters than letters, digits, white space and _ . : / = + - @`,
    );
  }
  if (Object.keys(tags).length <= maxTags) return tags;
  throw new AwsError('TooManyTags', `A state machine has at most ${maxTags} tags.`, {
    members: { resourceName: machineArn },
  });
}

function fromList(tags: readonly Tag[]): Tags {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
}

function tagged({ store }: CloudContext, resourceArn: string | undefined): string {
  const { arn, machineArn } = parseMachineArn(resourceArn);
  if (arn === machineArn && findMachine(store, arn)) return arn;
  throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`, { members: { resourceName: arn } });
}

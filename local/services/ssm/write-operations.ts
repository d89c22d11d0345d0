import type { SSM } from '@aws-sdk/client-ssm';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { CloudContext } from '../service-module.ts';
import { parameterNotFound } from './errors.ts';
import type { Parameters } from './parameters.ts';
import { putParameter } from './put-parameter.ts';
import { checkNames } from './read-operations.ts';

/** PutParameter, DeleteParameter, DeleteParameters, and the tags of parameters. */
export function writeOperations(context: CloudContext, parameters: Parameters): Operations<SSM> {
  const { store, clock } = context;
  return {
    PutParameter(input, { principal }) {
      const put = store.transaction(() => putParameter(parameters, input, { atMs: clock.nowMs(), by: principal.arn }));
      return { Version: put.version, Tier: put.tier };
    },
    DeleteParameter(input) {
      const name = input.Name ?? '';
      if (!store.transaction(() => parameters.remove(name))) throw parameterNotFound(name);
      return {};
    },
    DeleteParameters(input) {
      const names = input.Names ?? [];
      checkNames(names);
      const deleted = store.transaction(() => names.filter((name) => parameters.remove(name)));
      return { DeletedParameters: deleted, InvalidParameters: names.filter((name) => !deleted.includes(name)) };
    },
    ListTagsForResource(input) {
      const name = taggedName(parameters, input);
      return { TagList: Object.entries(parameters.tags(name)).map(([Key, Value]) => ({ Key, Value })) };
    },
    AddTagsToResource(input) {
      const added = Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
      store.transaction(() => {
        const name = taggedName(parameters, input);
        parameters.saveTags(name, { ...parameters.tags(name), ...added });
      });
      return {};
    },
    RemoveTagsFromResource(input) {
      const removed = input.TagKeys ?? [];
      store.transaction(() => {
        const name = taggedName(parameters, input);
        const left = Object.entries(parameters.tags(name)).filter(([key]) => !removed.includes(key));
        parameters.saveTags(name, Object.fromEntries(left));
      });
      return {};
    },
  };
}

function taggedName(
  parameters: Parameters,
  input: { readonly ResourceType?: string | undefined; readonly ResourceId?: string | undefined },
): string {
  if (input.ResourceType !== 'Parameter') throw notSupportedLocally(`SSM tags of resource type ${input.ResourceType}`);
  const name = input.ResourceId ?? '';
  if (!parameters.find(name)) throw new AwsError('InvalidResourceId', `The resource ID ${name} is not valid.`);
  return name;
}

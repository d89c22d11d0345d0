import { SSM } from '@aws-sdk/client-ssm';
import { expect } from 'vitest';
import { tour } from './tour.ts';

tour(
  { service: 'ssm', client: SSM },
  {
    'keeps, reads and deletes parameters': async (ssm) => {
      expect(await ssm.putParameter({ Name: '/app/a', Value: '1', Type: 'String' })).toMatchObject({ Version: 1 });
      await ssm.putParameter({ Name: '/app/b', Value: 'x,y', Type: 'StringList' });
      expect((await ssm.getParameter({ Name: '/app/a' })).Parameter).toMatchObject({ Value: '1', Version: 1 });
      const several = await ssm.getParameters({ Names: ['/app/a', '/app/none'] });
      expect(several).toMatchObject({ Parameters: [{ Name: '/app/a' }], InvalidParameters: ['/app/none'] });
      const below = await ssm.getParametersByPath({ Path: '/app' });
      expect(below.Parameters?.map(({ Name }) => Name).toSorted()).toEqual(['/app/a', '/app/b']);
      await ssm.putParameter({ Name: '/app/a', Value: '2', Overwrite: true });
      const history = await ssm.getParameterHistory({ Name: '/app/a' });
      expect(history.Parameters?.map(({ Value }) => Value)).toEqual(['1', '2']);
      await ssm.deleteParameter({ Name: '/app/a' });
      const deleted = await ssm.deleteParameters({ Names: ['/app/a', '/app/b'] });
      expect(deleted).toMatchObject({ DeletedParameters: ['/app/b'], InvalidParameters: ['/app/a'] });
    },
    'describes and tags them': async (ssm) => {
      await ssm.putParameter({ Name: 'tagged', Value: '1', Type: 'String', Description: 'one' });
      const { Parameters } = await ssm.describeParameters({
        ParameterFilters: [{ Key: 'Name', Option: 'Equals', Values: ['tagged'] }],
      });
      expect(Parameters).toMatchObject([{ Name: 'tagged', Description: 'one' }]);
      const resource = { ResourceType: 'Parameter', ResourceId: 'tagged' } as const;
      await ssm.addTagsToResource({ ...resource, Tags: [{ Key: 'team', Value: 'a' }] });
      expect((await ssm.listTagsForResource(resource)).TagList).toEqual([{ Key: 'team', Value: 'a' }]);
      await ssm.removeTagsFromResource({ ...resource, TagKeys: ['team'] });
      expect((await ssm.listTagsForResource(resource)).TagList).toEqual([]);
    },
  },
);

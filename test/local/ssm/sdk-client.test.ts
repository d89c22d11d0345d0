import { paginateGetParametersByPath, SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSsm } from '../../../local/services/ssm/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let ssm: SSM;
beforeAll(async () => {
  let module: ReturnType<typeof openSsm> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openSsm(context))] });
  if (!module?.api) throw new Error('SSM has an api');
  http = await gatewayOverHttp([module.api]);
  ssm = new SSM(http.client);
});
afterAll(async () => {
  ssm.destroy();
  await http.close();
  await cloud.close();
});

it("serves the SDK's client", async () => {
  for (const name of ['a', 'b', 'c']) await ssm.putParameter({ Name: `/s/${name}`, Value: name, Type: 'String' });
  expect((await ssm.getParameter({ Name: '/s/a' })).Parameter).toMatchObject({ Value: 'a', Version: 1 });
  const seen: (string | undefined)[] = [];
  for await (const page of paginateGetParametersByPath({ client: ssm, pageSize: 2 }, { Path: '/s' })) {
    seen.push(...(page.Parameters ?? []).map(({ Value }) => Value));
  }
  expect(seen).toEqual(['a', 'b', 'c']);
  expect((await ssm.getParameterHistory({ Name: '/s/a' })).Parameters).toHaveLength(1);
  expect((await ssm.describeParameters({})).Parameters).toHaveLength(3);
  expect(await ssm.getParameters({ Names: ['/s/a', '/x'] })).toMatchObject({ InvalidParameters: ['/x'] });
  await ssm.deleteParameters({ Names: ['/s/b'] });
  await ssm.deleteParameter({ Name: '/s/a' });
  await expect(ssm.getParameter({ Name: '/s/a' })).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(ssm.putParameter({ Name: '/s/c', Value: 'x', Type: 'String' })).rejects.toMatchObject({
    name: 'ParameterAlreadyExists',
  });
});

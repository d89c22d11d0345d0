import { STS } from '@aws-sdk/client-sts';
import { SNS } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rolePrincipal, servicePrincipal } from '../../../local/gateway/principal.ts';
import { openSts } from '../../../local/services/sts/service.ts';
import { testCloud, type TestCloud } from '../../support/cloud-context.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

let cloud: TestCloud;
let http: GatewayOverHttp;
let sts: STS;
beforeAll(async () => {
  let module: ReturnType<typeof openSts> | undefined;
  cloud = await testCloud({ services: [(context) => (module = openSts(context))] });
  if (!module?.api) throw new Error('STS has an api');
  http = await gatewayOverHttp([module.api]);
  sts = new STS(http.client);
});
afterAll(async () => {
  sts.destroy();
  await http.close();
  await cloud.close();
});

it('[sts.caller-identity.user] GetCallerIdentity tells the person at the laptop which user it is', async () => {
  expect(await sts.getCallerIdentity({})).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/local',
    UserId: expect.stringMatching(/^AIDA[A-Z0-9]{16}$/) as unknown,
  });
});

it('[sts.caller-identity.role] GetCallerIdentity tells a function its role and session', async () => {
  const identityOf = async (role: string, session: string) => {
    const principal = rolePrincipal(`arn:aws:iam::123456789012:role/path/${role}`, session);
    const client = new STS({ ...http.client, credentials: http.credentials.issue(principal) });
    const identity = await client.getCallerIdentity({});
    client.destroy();
    return identity;
  };
  const identity = await identityOf('runner', 'smoke-test');
  expect(identity).toMatchObject({
    Arn: 'arn:aws:sts::123456789012:assumed-role/runner/smoke-test',
    UserId: expect.stringMatching(/^AROA[A-Z0-9]{16}:smoke-test$/) as unknown,
  });
  const idOf = ({ UserId = '' }) => UserId.split(':')[0];
  expect(idOf(await identityOf('runner', 'other'))).toBe(idOf(identity));
  expect(idOf(await identityOf('reader', 'smoke-test'))).not.toBe(idOf(identity));
});

it('names a service by itself', async () => {
  const handler = http.gateway.handle(
    { service: 'sts', operation: 'GetCallerIdentity', input: {} },
    servicePrincipal('x'),
  );
  expect(await handler).toMatchObject({ UserId: 'x' });
});

it('[sts.assume-role.refused] refuses AssumeRole by name', async () => {
  const refused = sts.assumeRole({ RoleArn: 'arn:aws:iam::123456789012:role/a', RoleSessionName: 'ab' });
  await expect(refused).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'sts:AssumeRole is not supported locally',
    $metadata: { httpStatusCode: 501 },
  });
});

it('[gateway.not-supported.service] a service that is not there is refused in XML to a client of the Query protocol', async () => {
  const sns = new SNS(http.client);
  await expect(sns.listTopics({})).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'the service sns is not supported locally',
    $metadata: { httpStatusCode: 501 },
  });
  sns.destroy();
});

it("a service that is not there is refused to a client of EC2 in EC2's own XML", async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20260105/us-east-1/ec2/aws4_request, SignedHeaders=host';
  const response = await fetch(http.endpoint, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=DescribeInstances',
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([501, 'text/xml']);
  expect(await response.text()).toMatch(
    /^<Response><Errors><Error><Code>NotImplemented<\/Code><Message>the service ec2 .*<RequestID>/,
  );
});

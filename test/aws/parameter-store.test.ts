import { AccessDeniedException, GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { parameterStore } from '../../shared/aws/parameter-store.ts';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

const name = '/slipway/parameters/licences/0123';
const answer = { message: 'no', $metadata: { httpStatusCode: 400 } };

it('reads the one parameter that it is asked for', async () => {
  ssm.on(GetParameterCommand, { Name: name }).resolves({ Parameter: { Value: '{"allow":["MIT"]}' } });
  expect(await parameterStore().read(name)).toBe('{"allow":["MIT"]}');
  expect(ssm.calls()).toHaveLength(1);
});

it('reads nothing where there is no parameter', async () => {
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound(answer));
  expect(await parameterStore().read(name)).toBeUndefined();
});

it('fails as PermissionError when the role may not read it, and says what to do', async () => {
  ssm.on(GetParameterCommand).rejects(new AccessDeniedException({ ...answer, Message: 'no' }));
  await expect(parameterStore().read(name)).rejects.toMatchObject({
    type: 'PermissionError',
    message: expect.stringContaining(`may not read ${name}`),
  });
});

it('says that it may be tried again when Parameter Store gives no answer', async () => {
  ssm.on(GetParameterCommand).rejects(new Error('socket hang up'));
  await expect(parameterStore().read(name)).rejects.toMatchObject({ name: 'ServiceUnavailable', retryable: true });
});

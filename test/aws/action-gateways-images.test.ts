import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openGateway } from '../../shared/aws/gateways/images.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
const refusal = (name: string): Error => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } });

describe('images for actions', () => {
  const regions: string[] = [];
  const client = new ECRClient({ region: 'eu-west-1', credentials });
  const mock = mockClient(client);
  const images = openGateway((region) => {
    regions.push(region);
    return client;
  });
  beforeEach(() => mock.reset());
  const web = { account: '123456789012', region: 'eu-west-1', repository: 'team/web' };

  it('have the digest of their tag, or their own, asked in the region of the registry', async () => {
    mock.on(DescribeImagesCommand).resolves({ imageDetails: [{ imageDigest: 'sha256:1' }] });
    expect(await images.digestOf({ ...web, tag: '1', digest: undefined })).toBe('sha256:1');
    expect(await images.digestOf({ ...web, tag: '1', digest: 'sha256:1' })).toBe('sha256:1');
    expect(mock.commandCalls(DescribeImagesCommand).map(({ args }) => args[0].input)).toEqual([
      { registryId: '123456789012', repositoryName: 'team/web', imageIds: [{ imageTag: '1' }] },
      { registryId: '123456789012', repositoryName: 'team/web', imageIds: [{ imageDigest: 'sha256:1' }] },
    ]);
    expect(regions).toEqual(['eu-west-1']);
  });

  it.each([
    ['ImageNotFoundException', { type: 'ConfigurationError', message: /no image team\/web:1/ }],
    ['RepositoryNotFoundException', { type: 'ConfigurationError', message: /no image/ }],
    ['AccessDeniedException', { type: 'PermissionError', message: /may not look at/ }],
    ['ThrottlingException', { name: 'ServiceUnavailable', message: /throttled/ }],
  ])('fail when ECR answers %s', async (name, { message, ...kind }) => {
    mock.on(DescribeImagesCommand).rejects(refusal(name));
    await expect(images.digestOf({ ...web, tag: '1', digest: undefined })).rejects.toMatchObject({
      ...kind,
      message: expect.stringMatching(message),
    });
  });
});

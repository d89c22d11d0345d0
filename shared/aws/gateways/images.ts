import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import type { ImageGateway } from '../../actions/gateways/images.ts';
import { ActionFailed } from '../../actions/result.ts';
import { clientSettings } from '../client-settings.ts';
import { calling } from '../failure.ts';
import { refuseBy } from '../refusal.ts';

type OpenClient = (region: string) => ECRClient;

/** ECR, for an action. */
export function openGateway(open: OpenClient = (region) => new ECRClient({ ...clientSettings, region })): ImageGateway {
  const clients = new Map<string, ECRClient>();
  return {
    digestOf: ({ account, region, repository, tag, digest }) =>
      calling('ecr:DescribeImages', async () => {
        const client = clients.get(region) ?? open(region);
        clients.set(region, client);
        const imageId = digest === undefined ? { imageTag: tag } : { imageDigest: digest };
        const command = new DescribeImagesCommand({
          registryId: account,
          repositoryName: repository,
          imageIds: [imageId],
        });
        const { imageDetails } = await client
          .send(command)
          .catch((thrown: unknown) =>
            refuse(`${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`, thrown),
          );
        const found = imageDetails?.[0]?.imageDigest;
        if (found !== undefined) return found;
        throw new ActionFailed('SystemUnavailable', `ECR named no digest for ${repository}; try again later`);
      }),
  };
}

function refuse(image: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['ImageNotFoundException', 'RepositoryNotFoundException', 'InvalidParameterException'],
      'ConfigurationError',
      `there is no image ${image} in ECR; push it, or name another`,
    ],
    [
      ['AccessDeniedException'],
      'PermissionError',
      `this action's role may not look at image ${image}; name it at synth, and let the repository's policy allow it if it is another account's`,
    ],
  ]);
}

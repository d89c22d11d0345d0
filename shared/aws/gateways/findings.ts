import {
  DescribeImagesCommand,
  DescribeImageScanFindingsCommand,
  ECRClient,
  StartImageScanCommand,
  type DescribeImageScanFindingsCommandInput,
  type DescribeImageScanFindingsCommandOutput,
} from '@aws-sdk/client-ecr';
import { Inspector2Client } from '@aws-sdk/client-inspector2';
import type {
  ImageFinding,
  ImageFindingsGateway,
  ImageReference,
  ImageScan,
} from '../../actions/gateways/image-findings.ts';
import { ActionFailed } from '../../actions/result.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';
import { refuseBy } from '../refusal.ts';
import { imageFinding } from '../vulnerability.ts';
import { inspectedFindings, inspectionOf, mostPages } from '../inspector.ts';

/** ECR and Inspector, for an action. */
export function openGateway(
  client: ECRClient = new ECRClient(clientSettings),
  inspector: Inspector2Client = new Inspector2Client(clientSettings),
): ImageFindingsGateway {
  return {
    resolve: ({ repository, registryId, digest, tag }) =>
      calling('ecr:DescribeImages', async () => {
        const imageIds = [digest === undefined ? { imageTag: tag } : { imageDigest: digest }];
        const { imageDetails = [] } = await client
          .send(new DescribeImagesCommand({ repositoryName: repository, registryId, imageIds }))
          .catch((thrown: unknown) => refuse(repository, thrown));
        const found = imageDetails[0]?.imageDigest;
        if (found) return found;
        throw new ActionFailed('ConfigurationError', `repository ${repository} has no such image`);
      }),
    scanOf: (image, from) => (from === 'inspector' ? inspectionOf(inspector, image) : ecrScanOf(client, image)),
    startScan: (image) => calling('ecr:StartImageScan', () => start(client, image)),
    findingsOf: (image, from) =>
      from === 'inspector' ? inspectedFindings(inspector, image) : ecrFindings(client, image),
  };
}

/** ECR's `imageScanStatus` (API reference, ImageScanStatus). */
const statuses: Readonly<Record<string, ImageScan['status']>> = {
  IN_PROGRESS: 'running',
  PENDING: 'running',
  COMPLETE: 'complete',
  // Enhanced scanning goes on for good.
  ACTIVE: 'complete',
};

function ecrScanOf(client: ECRClient, image: ImageReference): Promise<ImageScan> {
  return calling('ecr:DescribeImageScanFindings', async () => {
    const page = await describe(client, image, { maxResults: 1 });
    if (page === 'none') return { status: 'none', reason: 'it was not scanned yet', completedAt: undefined };
    const { imageScanStatus: { status = '', description } = {}, imageScanFindings } = page;
    return {
      status: statuses[status] ?? 'failed',
      reason: [status, description].filter(Boolean).join(': '),
      completedAt: status === 'COMPLETE' ? imageScanFindings?.imageScanCompletedAt?.toISOString() : undefined,
    };
  });
}

function describe(
  client: ECRClient,
  { repository, registryId, digest }: ImageReference,
  page: Pick<DescribeImageScanFindingsCommandInput, 'maxResults' | 'nextToken'>,
): Promise<DescribeImageScanFindingsCommandOutput | 'none'> {
  const image = { repositoryName: repository, registryId, imageId: { imageDigest: digest } };
  return client
    .send(new DescribeImageScanFindingsCommand({ ...image, ...page }))
    .catch((thrown: unknown) => (errorName(thrown) === 'ScanNotFoundException' ? 'none' : refuse(repository, thrown)));
}

async function start(client: ECRClient, { repository, registryId, digest }: ImageReference): Promise<void> {
  const image = { repositoryName: repository, registryId, imageId: { imageDigest: digest } };
  await client.send(new StartImageScanCommand(image)).catch((thrown: unknown) => {
    switch (errorName(thrown)) {
      // One scan a day, which was or is being done; or the registry scans by itself (enhanced scanning).
      case 'LimitExceededException':
      case 'ValidationException':
        return;
      case 'UnsupportedImageTypeException':
        throw new ActionFailed(
          'JobFailed',
          `ECR can't scan images of this type (repository ${repository}), e.g. the index of several platforms' images; name the image of one platform`,
          {
            cause: thrown,
          },
        );
      default:
        refuse(repository, thrown);
    }
  });
}

function ecrFindings(client: ECRClient, image: ImageReference): Promise<readonly ImageFinding[]> {
  return calling('ecr:DescribeImageScanFindings', async () => {
    const found: ImageFinding[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await describe(client, image, { maxResults: 1000, nextToken });
      if (answer === 'none') throw new ActionFailed('SystemUnavailable', `the scan of ${image.repository} is gone`);
      found.push(...findingsIn(answer));
      nextToken = answer.nextToken;
      if (nextToken === undefined) return found;
    }
    throw new ActionFailed('SystemUnavailable', `ECR has more than ${mostPages} pages of findings`);
  });
}

/** Basic scanning fills `findings`, enhanced scanning `enhancedFindings`. */
function findingsIn({ imageScanFindings: all }: DescribeImageScanFindingsCommandOutput): ImageFinding[] {
  const basic = (all?.findings ?? []).map(({ name = '', description, severity = '', attributes = [] }) => {
    const valueOf = (key: string): string => attributes.find((attribute) => attribute.key === key)?.value ?? '';
    const found = { name: valueOf('package_name'), version: valueOf('package_version'), fixedIn: undefined };
    return { id: name, aliases: [], severity, title: description ?? name, packages: found.name === '' ? [] : [found] };
  });
  const enhanced = (all?.enhancedFindings ?? [])
    .filter(({ status }) => status === undefined || status === 'ACTIVE')
    .map(imageFinding);
  return [...basic, ...enhanced];
}

function refuse(repository: string, cause: unknown): never {
  return refuseBy(cause, [
    [
      ['RepositoryNotFoundException', 'ImageNotFoundException'],
      'ConfigurationError',
      `repository ${repository} or the image in it is not there; push it first, and check name, digest and region`,
    ],
    [
      ['AccessDeniedException'],
      'PermissionError',
      `this action's role may not read findings of ${repository}; pass the repository at synth, which grants it`,
    ],
  ]);
}

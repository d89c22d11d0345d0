import { ListCoverageCommand, ListFindingsCommand, type Inspector2Client } from '@aws-sdk/client-inspector2';
import type { ImageFinding, ImageReference, ImageScan } from '../actions/gateways/image-findings.ts';
import { ActionFailed } from '../actions/result.ts';
import { calling } from './failure.ts';
import { refuseBy } from './refusal.ts';
import { imageFinding } from './vulnerability.ts';

/** The most pages that are read of a list; an image has a few hundred findings. */
export const mostPages = 200;

/** How Inspector stands with an image (Inspector user guide, "Assessing coverage of Amazon ECR container images"). */
export function inspectionOf(client: Inspector2Client, { repository, digest }: ImageReference): Promise<ImageScan> {
  return calling('inspector2:ListCoverage', async () => {
    const filterCriteria = {
      resourceType: [{ comparison: 'EQUALS' as const, value: 'AWS_ECR_CONTAINER_IMAGE' }],
      ecrRepositoryName: [{ comparison: 'EQUALS' as const, value: repository }],
    };
    let nextToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await client
        .send(new ListCoverageCommand({ filterCriteria, maxResults: 200, nextToken }))
        .catch(refuse);
      // The id is the image's ARN, which ends in its digest.
      const covered = answer.coveredResources?.find(({ resourceId }) => resourceId?.endsWith(`/${digest}`));
      if (covered) return standingOf(covered.scanStatus?.statusCode ?? '', covered.scanStatus?.reason ?? '');
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return { status: 'none', reason: 'Inspector does not cover the image yet', completedAt: undefined };
  });
}

function standingOf(statusCode: string, reason: string): ImageScan {
  const said = { reason: `${statusCode}: ${reason}`, completedAt: undefined };
  if (statusCode !== 'ACTIVE') return { status: 'failed', ...said };
  return { status: reason.startsWith('PENDING') ? 'running' : 'complete', ...said };
}

/** Inspector's active findings of an image. */
export function inspectedFindings(client: Inspector2Client, image: ImageReference): Promise<readonly ImageFinding[]> {
  return calling('inspector2:ListFindings', async () => {
    const equals = (value: string): { comparison: 'EQUALS'; value: string }[] => [{ comparison: 'EQUALS', value }];
    const filterCriteria = {
      ecrImageHash: equals(image.digest),
      ecrImageRepositoryName: equals(image.repository),
      findingStatus: equals('ACTIVE'),
    };
    const found: ImageFinding[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < mostPages; page += 1) {
      const answer = await client
        .send(new ListFindingsCommand({ filterCriteria, maxResults: 100, nextToken }))
        .catch(refuse);
      found.push(...(answer.findings ?? []).map(imageFinding));
      nextToken = answer.nextToken;
      if (nextToken === undefined) return found;
    }
    throw new ActionFailed('SystemUnavailable', `Inspector has more than ${mostPages} pages of findings`);
  });
}

function refuse(cause: unknown): never {
  return refuseBy(cause, [
    [
      ['AccessDeniedException'],
      'PermissionError',
      "this action's role may not read Inspector's findings; pass `from: 'inspector'` at synth, which grants it, and turn Inspector on",
    ],
  ]);
}

import {
  DescribeImagesCommand,
  DescribeImageScanFindingsCommand,
  ECRClient,
  StartImageScanCommand,
} from '@aws-sdk/client-ecr';
import { Inspector2Client, ListCoverageCommand, ListFindingsCommand } from '@aws-sdk/client-inspector2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openGateway } from '../../shared/aws/gateways/findings.ts';

const settings = { region: 'us-east-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } };
const refusal = (name: string): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode: 400 } });
const [ecrClient, inspectorClient] = [new ECRClient(settings), new Inspector2Client(settings)];
const [ecr, inspector] = [mockClient(ecrClient), mockClient(inspectorClient)];
const gateway = openGateway(ecrClient, inspectorClient);
const digest = `sha256:${'a'.repeat(64)}`;
const image = { repository: 'shop', digest, registryId: undefined };

beforeEach(() => {
  ecr.reset();
  inspector.reset();
});

describe('an image', () => {
  it('is found by its tag', async () => {
    ecr
      .on(DescribeImagesCommand, { repositoryName: 'shop', imageIds: [{ imageTag: 'v1' }] })
      .resolves({ imageDetails: [{ imageDigest: digest }] });
    expect(await gateway.resolve({ repository: 'shop', tag: 'v1' })).toBe(digest);
  });

  it.each([
    ['ImageNotFoundException', { type: 'ConfigurationError', message: /the image in it is not there/ }],
    ['RepositoryNotFoundException', { type: 'ConfigurationError', message: /repository shop/ }],
    ['AccessDeniedException', { type: 'PermissionError', message: /may not read findings of shop/ }],
    ['ServerException', { name: 'Misconfigured', message: /ecr:DescribeImages/ }],
    ['ThrottlingException', { name: 'ServiceUnavailable', message: /throttled/ }],
  ])('fails when ECR answers %s', async (name, { message, ...kind }) => {
    ecr.on(DescribeImagesCommand).rejects(refusal(name));
    await expect(gateway.resolve({ repository: 'shop', digest })).rejects.toMatchObject({
      ...kind,
      message: expect.stringMatching(message),
    });
  });
});

describe('ECR', () => {
  it.each([
    ['IN_PROGRESS', 'running'],
    ['PENDING', 'running'],
    ['COMPLETE', 'complete'],
    ['ACTIVE', 'complete'],
    ['FAILED', 'failed'],
    ['UNSUPPORTED_IMAGE', 'failed'],
    ['SCAN_ELIGIBILITY_EXPIRED', 'failed'],
    ['FINDINGS_UNAVAILABLE', 'failed'],
  ] as const)('says that a scan is %s: %s', async (status, expected) => {
    ecr.on(DescribeImageScanFindingsCommand).resolves({ imageScanStatus: { status, description: 'so it is' } });
    expect(await gateway.scanOf(image, 'ecr')).toEqual({
      ...{ status: expected, reason: `${status}: so it is`, completedAt: undefined },
    });
  });

  it.each([
    ['COMPLETE', '2026-01-04T00:00:00.000Z'],
    ['ACTIVE', undefined],
  ] as const)('says when a scan that is %s ended', async (status, completedAt) => {
    const imageScanFindings = { imageScanCompletedAt: new Date('2026-01-04T00:00:00Z') };
    ecr.on(DescribeImageScanFindingsCommand).resolves({ imageScanStatus: { status }, imageScanFindings });
    expect(await gateway.scanOf(image, 'ecr')).toMatchObject({ completedAt });
  });

  it('has no scan of an image that was never scanned, and begins one', async () => {
    ecr.on(DescribeImageScanFindingsCommand).rejects(refusal('ScanNotFoundException'));
    ecr.on(StartImageScanCommand).resolves({});
    expect(await gateway.scanOf(image, 'ecr')).toMatchObject({ status: 'none' });
    await gateway.startScan(image);
    expect(ecr.commandCalls(StartImageScanCommand)[0]?.args[0].input).toMatchObject({
      repositoryName: 'shop',
      imageId: { imageDigest: digest },
    });
  });

  it.each(['LimitExceededException', 'ValidationException'])('that answers %s to a scan has its own', async (name) => {
    ecr.on(StartImageScanCommand).rejects(refusal(name));
    await expect(gateway.startScan(image)).resolves.toBeUndefined();
  });

  it('says which images it cannot scan', async () => {
    ecr.on(StartImageScanCommand).rejects(refusal('UnsupportedImageTypeException'));
    await expect(gateway.startScan(image)).rejects.toMatchObject({
      type: 'JobFailed',
      message: expect.stringMatching(/of this type .*; name the image of one platform$/),
    });
  });

  // Amazon ECR API reference, DescribeImageScanFindings, the example of its response.
  it('gives every page of the findings of basic scanning', async () => {
    const finding = {
      name: 'CVE-2019-5188',
      description: 'A code execution vulnerability exists in the directory rehashing functionality of E2fsprogs',
      uri: 'http://people.ubuntu.com/~ubuntu-security/cve/CVE-2019-5188',
      severity: 'MEDIUM' as const,
      attributes: [
        { key: 'package_version', value: '1.44.1-1ubuntu1.1' },
        { key: 'package_name', value: 'e2fsprogs' },
        { key: 'CVSS2_SCORE', value: '4.6' },
      ],
    };
    ecr
      .on(DescribeImageScanFindingsCommand)
      .resolvesOnce({
        imageScanStatus: { status: 'COMPLETE' },
        imageScanFindings: { findings: [finding] },
        nextToken: 'next',
      })
      .resolvesOnce({
        imageScanStatus: { status: 'COMPLETE' },
        imageScanFindings: { findings: [{ ...finding, name: 'CVE-2' }] },
      });
    expect(await gateway.findingsOf(image, 'ecr')).toEqual([
      {
        ...{ id: 'CVE-2019-5188', aliases: [], severity: 'MEDIUM', title: finding.description },
        packages: [{ name: 'e2fsprogs', version: '1.44.1-1ubuntu1.1', fixedIn: undefined }],
      },
      expect.objectContaining({ id: 'CVE-2' }),
    ]);
    expect(ecr.commandCalls(DescribeImageScanFindingsCommand)[1]?.args[0].input).toMatchObject({ nextToken: 'next' });
  });

  it('gives the active findings of enhanced scanning', async () => {
    const finding = {
      title: 'CVE-2021-44228 - org.apache.logging.log4j:log4j-core',
      severity: 'CRITICAL',
      status: 'ACTIVE',
      packageVulnerabilityDetails: {
        vulnerabilityId: 'CVE-2021-44228',
        relatedVulnerabilities: ['GHSA-jfh8-c2jp-5v3q'],
        vulnerablePackages: [{ name: 'log4j-core', version: '2.14.1', fixedInVersion: '2.15.0' }],
      },
    };
    ecr.on(DescribeImageScanFindingsCommand).resolves({
      imageScanStatus: { status: 'ACTIVE' },
      imageScanFindings: { enhancedFindings: [finding, { ...finding, status: 'SUPPRESSED' }] },
    });
    expect(await gateway.findingsOf(image, 'ecr')).toEqual([
      {
        ...{ id: 'CVE-2021-44228', aliases: ['GHSA-jfh8-c2jp-5v3q'], severity: 'CRITICAL', title: finding.title },
        packages: [{ name: 'log4j-core', version: '2.14.1', fixedIn: '2.15.0' }],
      },
    ]);
  });

  it('does not give findings without end', async () => {
    ecr.on(DescribeImageScanFindingsCommand).resolves({ imageScanStatus: { status: 'COMPLETE' }, nextToken: 'again' });
    await expect(gateway.findingsOf(image, 'ecr')).rejects.toMatchObject({ type: 'SystemUnavailable' });
  });
});

describe('Inspector', () => {
  const covered = (
    statusCode: 'ACTIVE' | 'INACTIVE',
    reason: 'SUCCESSFUL' | 'PENDING_INITIAL_SCAN' | 'IMAGE_SIZE_EXCEEDED',
  ) => ({
    ...{ resourceType: 'AWS_ECR_CONTAINER_IMAGE' as const, accountId: '123456789012', scanType: 'PACKAGE' as const },
    resourceId: `arn:aws:ecr:us-east-1:123456789012:repository/shop/${digest}`,
    scanStatus: { statusCode, reason },
  });

  it.each([
    ['ACTIVE', 'SUCCESSFUL', 'complete'],
    ['ACTIVE', 'PENDING_INITIAL_SCAN', 'running'],
    ['INACTIVE', 'IMAGE_SIZE_EXCEEDED', 'failed'],
  ] as const)('that says %s: %s has a scan that is %s', async (statusCode, reason, expected) => {
    const other = {
      ...covered('INACTIVE', 'IMAGE_SIZE_EXCEEDED'),
      resourceId: 'arn:aws:ecr:::repository/shop/sha256:b',
    };
    inspector
      .on(ListCoverageCommand)
      .resolvesOnce({ coveredResources: [other], nextToken: 'next' })
      .resolvesOnce({ coveredResources: [covered(statusCode, reason)] });
    expect(await gateway.scanOf(image, 'inspector')).toMatchObject({
      status: expected,
      reason: `${statusCode}: ${reason}`,
    });
  });

  it('that does not know the image yet is waited for', async () => {
    inspector.on(ListCoverageCommand).resolves({ coveredResources: [] });
    expect(await gateway.scanOf(image, 'inspector')).toMatchObject({ status: 'none' });
  });

  it('gives the active findings of the image alone', async () => {
    inspector.on(ListFindingsCommand).resolves({
      findings: [
        {
          ...{
            findingArn: 'arn:finding',
            awsAccountId: '123456789012',
            type: 'PACKAGE_VULNERABILITY',
            description: '',
          },
          ...{ title: 'CVE-2024-0727 - openssl', severity: 'HIGH', status: 'ACTIVE', remediation: {}, resources: [] },
          ...{ firstObservedAt: new Date(0), lastObservedAt: new Date(0) },
          packageVulnerabilityDetails: {
            ...{ vulnerabilityId: 'CVE-2024-0727', source: 'NVD' },
            vulnerablePackages: [{ name: 'openssl', version: '3.0.2', fixedInVersion: '3.0.3' }],
          },
        },
      ],
    });
    expect(await gateway.findingsOf(image, 'inspector')).toEqual([
      {
        ...{ id: 'CVE-2024-0727', aliases: [], severity: 'HIGH', title: 'CVE-2024-0727 - openssl' },
        packages: [{ name: 'openssl', version: '3.0.2', fixedIn: '3.0.3' }],
      },
    ]);
    expect(inspector.commandCalls(ListFindingsCommand)[0]?.args[0].input.filterCriteria).toEqual({
      ecrImageHash: [{ comparison: 'EQUALS', value: digest }],
      ecrImageRepositoryName: [{ comparison: 'EQUALS', value: 'shop' }],
      findingStatus: [{ comparison: 'EQUALS', value: 'ACTIVE' }],
    });
  });

  it('that may not be read is named', async () => {
    inspector.on(ListFindingsCommand).rejects(refusal('AccessDeniedException'));
    await expect(gateway.findingsOf(image, 'inspector')).rejects.toMatchObject({ type: 'PermissionError' });
  });
});

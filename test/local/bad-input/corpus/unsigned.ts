import type { Recorded } from '../record.ts';

/** Requests that carry no signature: API Gateway, a website, SNS links, answers of custom resources. */
export function unsignedRequests(apiPath: string): readonly Recorded[] {
  const unsigned = (operation: string, method: string, path: string, body = ''): Recorded => ({
    ...{ service: undefined, operation, method, path, body: Buffer.from(body) },
    headers: { 'content-type': 'application/json' },
  });
  return [
    unsigned('HTTP API', 'POST', `${apiPath}/hooks/github?a=1&a=2&b=%20`, '{"ref":"refs/heads/main"}'),
    unsigned('HTTP API without a route', 'GET', `${apiPath}/nothing`),
    unsigned('website', 'GET', '/_site/artifacts/index.html'),
    unsigned(
      'SNS link',
      'GET',
      '/_sns/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-east-1:123456789012:releases&Token=a',
    ),
    unsigned('custom resource', 'PUT', '/_cloudformation/a/b', '{"Status":"SUCCESS","PhysicalResourceId":"x"}'),
  ];
}

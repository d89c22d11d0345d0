import { styleText } from 'node:util';
import type { LocalCloud } from '../../local/public.ts';
import type { Print } from '../output.ts';
import { signedPush } from './demo.ts';

/** What the person is told once the local cloud serves. */
export interface BannerFacts {
  readonly cloud: LocalCloud;
  readonly apiUrl: string;
  readonly siteUrl: string;
  readonly topicArn: string;
  readonly token: string;
  readonly githubSecret: string;
}

/** Prints where everything is, with lines to copy. */
export function printBanner(print: Print, facts: BannerFacts): void {
  const { cloud, apiUrl, token, topicArn } = facts;
  const environment = Object.entries(cloud.environment).map(([name, value]) => `export ${name}=${value}`);
  const lines = [
    '',
    styleText('bold', `Slipway runs at ${apiUrl}`),
    `  token   ${token}`,
    `  site    ${facts.siteUrl}`,
    `  topic   ${topicArn}`,
    '',
    'Look at a release:',
    `  curl -H "Authorization: Bearer ${token}" ${apiUrl}/api/releases`,
    'Ask for one, signed as GitHub signs it (the latest commit must have been uploaded):',
    ...webhookLines(apiUrl, facts.githubSecret),
    'Ask AWS tools:',
    `  ${environment.join('; ')}`,
    '  aws codepipeline get-pipeline-state --name checkout',
    '',
  ];
  lines.forEach(print);
}

/** A push as a line for the shell: the body is signed by the secret that the line itself carries. */
function webhookLines(apiUrl: string, secret: string): string[] {
  const { body } = signedPush('COMMIT', secret);
  const compact = JSON.stringify({ ...JSON.parse(body), before: undefined, head_commit: undefined });
  return [
    `  body='${compact.replace('"COMMIT"', '"<commit of source put>"')}'`,
    `  signature=$(printf %s "$body" | openssl dgst -sha256 -hmac ${secret} | sed 's/.* //')`,
    `  curl -X POST -H "X-GitHub-Event: push" -H "X-GitHub-Delivery: $(date +%s)" -H "X-Hub-Signature-256: sha256=$signature" -d "$body" ${apiUrl}/webhooks/github`,
  ];
}

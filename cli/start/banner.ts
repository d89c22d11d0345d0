import { styleText } from 'node:util';
import type { LocalCloud } from '../../local/public.ts';
import { exportLine } from '../local/start-cloud.ts';
import type { Print } from '../output.ts';
import { signedPush } from './demo.ts';
import type { Installation } from './installation.ts';

/** What the person is told once the local cloud serves. */
export interface BannerFacts extends Installation {
  readonly cloud: LocalCloud;
  /** The commit of the source that is about to be uploaded. */
  readonly commit: string;
}

/** Prints where everything is, with lines to copy. */
export function printBanner(print: Print, facts: BannerFacts): void {
  const { cloud, apiUrl, token, topicArn } = facts;
  const lines = [
    '',
    styleText('bold', `Slipway runs at ${apiUrl}`),
    `  token   ${token}`,
    `  site    ${facts.siteUrl}`,
    `  topic   ${topicArn}`,
    '',
    'Look at a release:',
    `  curl -H "Authorization: Bearer ${token}" ${apiUrl}/api/releases`,
    'Ask for one, signed as GitHub signs it (its commit is uploaded below):',
    ...webhookLines(facts),
    'Ask AWS tools:',
    `  ${exportLine(cloud)}`,
    '  aws codepipeline get-pipeline-state --name checkout',
    '',
  ];
  lines.forEach(print);
}

/** A push for the shell. The time in it makes each one new: the same signed bytes again are the same release. */
function webhookLines({ apiUrl, githubSecret, commit }: BannerFacts): string[] {
  const { body } = signedPush(commit, githubSecret);
  const timed = `${body.slice(0, -1)},"pushed_at":'$(date +%s)'}`;
  return [
    `  body='${timed}'`,
    `  signature=$(printf %s "$body" | openssl dgst -sha256 -hmac ${githubSecret} | sed 's/.* //')`,
    `  curl -X POST -H "X-GitHub-Event: push" -H "X-GitHub-Delivery: $(date +%s)" -H "X-Hub-Signature-256: sha256=$signature" -d "$body" ${apiUrl}/webhooks/github`,
  ];
}

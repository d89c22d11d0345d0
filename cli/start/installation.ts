import * as z from 'zod';
import type { LocalCloud } from '../../local/public.ts';

/** What the stacks put out, with the two secrets read as the person at the laptop. */
export interface Installation {
  readonly apiUrl: string;
  readonly siteUrl: string;
  readonly topicArn: string;
  readonly token: string;
  readonly githubSecret: string;
}

/** Reads it from a cloud that runs the example. */
export async function readInstallation(cloud: LocalCloud): Promise<Installation> {
  const engine = z
    .object({ ApiUrl: z.string(), ApiTokenSecretArn: z.string(), GithubSecretArn: z.string(), TopicArn: z.string() })
    .parse(cloud.outputs('Slipway-Engine'));
  const { SiteUrl: siteUrl } = z.object({ SiteUrl: z.string() }).parse(cloud.outputs('Checkout'));
  return {
    apiUrl: engine.ApiUrl,
    siteUrl,
    topicArn: engine.TopicArn,
    token: await readSecret(cloud, engine.ApiTokenSecretArn),
    githubSecret: await readSecret(cloud, engine.GithubSecretArn),
  };
}

async function readSecret(cloud: LocalCloud, arn: string): Promise<string> {
  const answer = await cloud.call('secretsmanager', 'GetSecretValue', { SecretId: arn });
  return z.object({ SecretString: z.string() }).parse(answer).SecretString;
}

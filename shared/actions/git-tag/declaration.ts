import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { followingRules, rulesAtSynth } from '../parameter-rules.ts';
import { readExecutions } from '../gateways/read-executions.ts';
import { templateSchema } from '../release-facts.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';
import { webUrlSchema } from '../web/web-url.ts';
import { mayBeTagName, rules } from './rules.ts';

/** Tags the commit that is released. */
export const gitTag = declareAction({
  id: 'git-tag',
  description: 'Tags the released commit on GitHub or GitLab; the same tag at the same commit is fine.',
  parameters: z
    .strictObject({
      provider: z.enum(['github', 'gitlab']),
      /** The name of a secret in Secrets Manager that holds a token. */
      secret: secretNameSchema,
      /** The site of a GitHub or GitLab of your own. */
      url: z.optional(webUrlSchema),
      /** GitHub: `owner/name`. GitLab: the project's path or number. */
      project: z.string().check(z.minLength(1), z.maxLength(200)),
      /** The tag's name, e.g. `{{service}}-{{shortCommit}}`. */
      tag: templateSchema.check(
        z.refine(mayBeTagName, { error: 'must be the name of a tag as git check-ref-format takes it, e.g. v1.2.3' }),
      ),
      /** Makes the tag an annotated one. */
      message: z.optional(templateSchema),
      /** Default: the commit of the release, or the one that the pipeline's source took. */
      commit: z.optional(z.string().check(z.regex(/^[0-9a-f]{40}$/, 'must be the 40 hex digits of a commit'))),
      /** Which artifact's commit it is, in a pipeline of several sources. */
      artifact: z.optional(z.string().check(z.minLength(1))),
    })
    .check(followingRules(rules)),
  problemsOf: rulesAtSynth(rules),
  outputs: ['tag', 'commit'],
  gateways: ['secrets', 'executions'],
  permissionsFor: ({ secret }, where) => [readSecretNamed(secret, where), readExecutions(where)],
  isIdempotent: true,
  timeoutSeconds: 60,
});

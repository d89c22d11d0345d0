import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { followingRules, rulesAtSynth } from '../parameter-rules.ts';
import { readExecutions, readHistory } from '../gateways/read-executions.ts';
import { templateSchema } from '../release-facts.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';
import { webUrlSchema } from '../web/web-url.ts';
import { rules } from './rules.ts';

const line = z.string().check(z.minLength(1), z.maxLength(200));

const parametersSchema = z
  .strictObject({
    /** Whose tickets they are. */
    provider: z.enum(['jira', 'github', 'gitlab', 'servicenow']),
    /** The name of a secret in Secrets Manager, see the README for what each provider takes. */
    secret: secretNameSchema,
    /** The site; of GitHub or GitLab only if it is your own. */
    url: z.optional(webUrlSchema),
    /** The site of a Jira whose `url` is `https://api.atlassian.com/ex/jira/…`: what tickets are linked by. */
    site: z.optional(webUrlSchema),
    /** Jira: a project's key, in any case of letters. GitHub: `owner/name`. GitLab: a project's path or number. */
    project: z.optional(line),
    /** Tickets by their keys; one that does not exist fails the action. */
    tickets: z._default(z.array(line).check(z.maxLength(20)), []),
    /**
     * Whether keys are looked for in the reason of the release and in the messages of its commits: of those that the sources
     * took, and, as far as they can be known, of those before them since the last release.
     */
    readCommits: z._default(z.boolean(), true),
    /** Where the commits are that the pipeline releases; default for GitHub and GitLab: where the issues are. */
    repository: z.optional(
      z.strictObject({
        provider: z.enum(['github', 'gitlab']),
        project: line,
        /** The name of a secret in Secrets Manager that holds a token. */
        secret: secretNameSchema,
        url: z.optional(webUrlSchema),
      }),
    ),
    /** Further text in which keys are looked for. */
    text: z.optional(z.string()),
    /** A ticket to make when none is named or found. */
    create: z.optional(
      z.strictObject({
        title: templateSchema,
        body: z.optional(templateSchema),
        /** Jira: the issue type, default `Task`. ServiceNow: `normal` (default), `standard` or `emergency`. */
        type: z.optional(line),
        labels: z._default(z.array(line).check(z.maxLength(10)), []),
      }),
    ),
    comment: z.optional(templateSchema),
    /** The status to move to, by its name; see the README for each provider. */
    transition: z.optional(line),
    /** Puts a file with all that is known of the release onto the ticket. */
    attachSummary: z._default(z.boolean(), false),
    /** Fails the action when there is no ticket. */
    requireTicket: z._default(z.boolean(), false),
  })
  .check(followingRules(rules));

/** Tells tickets about a release. */
export const updateTicket = declareAction({
  id: 'update-ticket',
  description: 'Creates, comments and moves the tickets of a release in Jira, GitHub, GitLab or ServiceNow, once each.',
  parameters: parametersSchema,
  outputs: ['tickets', 'urls', 'created'],
  gateways: ['secrets', 'executions'],
  permissionsFor: ({ secret, repository, readCommits }, where) => [
    readSecretNamed(secret, where),
    ...(repository ? [readSecretNamed(repository.secret, where)] : []),
    readExecutions(where),
    ...(readCommits ? [readHistory(where)] : []),
  ],
  problemsOf: rulesAtSynth(rules),
  isIdempotent: true,
  timeoutSeconds: 120,
});

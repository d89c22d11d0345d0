import * as z from 'zod/mini';
import { InvalidInput } from '../../errors.ts';
import type { Service } from '../../services/service.ts';
import type { Match, RawRequest, Reading, Trigger } from '../trigger.ts';
import { githubDeclaration } from './declaration.ts';
import { verifySignature } from './verify.ts';

/** The fields of a push that Slipway uses. */
const pushSchema = z.object({
  ref: z.string(),
  after: z.string().check(z.regex(/^[0-9a-f]{40,64}$/)),
  deleted: z._default(z.boolean(), false),
  repository: z.object({ full_name: z.string().check(z.minLength(1)) }),
  sender: z.optional(z.object({ login: z.string().check(z.minLength(1)) })),
  head_commit: z.nullish(z.object({ message: z.string() })),
});
type Push = z.infer<typeof pushSchema>;

const branchPrefix = 'refs/heads/';

/** Releases a service when somebody pushes to its branch. */
export const trigger: Trigger = {
  declaration: githubDeclaration,
  verify: verifySignature,
  read(request) {
    const event = request.headers['x-github-event'];
    if (event === undefined)
      throw new InvalidInput('header X-GitHub-Event is missing; GitHub sends it with every event');
    const body = parseBody(request);
    if (event === 'ping') return { kind: 'ping' };
    if (event !== 'push') return { kind: 'ignored', reason: `event ${event} releases nothing; only push does` };
    return readPush(body, request.headers['x-github-delivery']);
  },
};

function parseBody({ body }: RawRequest): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new InvalidInput("the body is not JSON; set the webhook's content type to application/json", { cause });
  }
}

function readPush(body: unknown, deliveryId: string | undefined): Reading {
  const parsed = pushSchema.safeParse(body);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new InvalidInput(`the push lacks or misstates ${fields}; send what GitHub sends`);
  }
  const push = parsed.data;
  if (push.deleted) return { kind: 'ignored', reason: `${push.ref} was deleted` };
  if (!push.ref.startsWith(branchPrefix)) return { kind: 'ignored', reason: `${push.ref} is not a branch` };
  const repository = push.repository.full_name;
  const reason = push.head_commit?.message.split('\n')[0]?.slice(0, 500);
  return {
    kind: 'asked',
    about: `repository ${repository}`,
    remedy: `declare a service with source.github.repository '${repository}' in the CDK app and deploy`,
    match: (service) => matchPush(push, service),
    revision: { type: 'COMMIT_ID', value: push.after },
    requestedBy: `github/${push.sender?.login ?? 'unknown'}`.slice(0, 200),
    ...(reason && { reason }),
    ...(deliveryId && { deliveryId: deliveryId.slice(0, 100) }),
  };
}

function matchPush({ ref, repository }: Push, { name, source: { github } }: Service): Match {
  if (github?.repository.toLowerCase() !== repository.full_name.toLowerCase()) return 'unrelated';
  const branch = ref.slice(branchPrefix.length);
  return branch === github.branch
    ? 'wanted'
    : { ignored: `${name} is released from branch ${github.branch}, not from ${branch}` };
}

import * as z from 'zod/mini';
import { gitHubApi } from '../web/git-hosts.ts';
import { ActionFailed } from '../result.ts';
import type { OpenGitHost } from './host.ts';

// https://docs.github.com/en/rest/git/refs, https://docs.github.com/en/rest/git/tags

const pointsSchema = z.object({ object: z.object({ type: z.string(), sha: z.string() }) });
const tagSchema = z.object({ sha: z.string() });

/** A tag may point at a tag; more than so many of them are nobody's. */
const mostAnnotations = 5;

/** GitHub: an annotated tag is an object, and a reference that points at it. */
export const openGitHub: OpenGitHost = ({ url, project, credentials, api }) => {
  const github = api(gitHubApi({ url, project, credentials }));
  return {
    async find(name) {
      let answer = await github.call({ method: 'GET', path: `git/ref/tags/${pathOf(name)}`, accepted: [404] });
      if (answer.status === 404) return undefined;
      for (let count = 0; count <= mostAnnotations; count += 1) {
        const { type, sha } = pointsSchema.parse(answer.json()).object;
        if (type !== 'tag') return sha;
        answer = await github.call({ method: 'GET', path: `git/tags/${sha}` });
      }
      throw new ActionFailed('JobFailed', `tag ${name} points at a tag that points at a tag, and so on`);
    },
    async make({ name, commit, message }) {
      let sha = commit;
      if (message !== undefined) {
        const body = { tag: name, message, object: commit, type: 'commit' };
        // An object that no reference points at is nothing that anybody sees, so it may be made twice.
        const made = await github.call({ method: 'POST', path: 'git/tags', body, accepted: [422], isRepeatable: true });
        if (made.status === 422) return false;
        sha = tagSchema.parse(made.json()).sha;
      }
      const body = { ref: `refs/tags/${name}`, sha };
      return (await github.call({ method: 'POST', path: 'git/refs', body, accepted: [422] })).status !== 422;
    },
  };
};

function pathOf(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

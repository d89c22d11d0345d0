import * as z from 'zod/mini';
import { gitLabHeaders, gitLabProject } from '../web/git-hosts.ts';
import type { OpenGitHost } from './host.ts';

// https://docs.gitlab.com/api/tags/

const tagSchema = z.object({ commit: z.object({ id: z.string() }) });

/** GitLab: a tag with a message is an annotated one. */
export const openGitLab: OpenGitHost = ({ url, project, credentials, api }) => {
  const gitlab = api({ name: 'GitLab', baseUrl: gitLabProject(url, project), headers: gitLabHeaders(credentials) });
  return {
    async find(name) {
      const path = `repository/tags/${encodeURIComponent(name)}`;
      const answer = await gitlab.call({ method: 'GET', path, accepted: [404] });
      return answer.status === 404 ? undefined : tagSchema.parse(answer.json()).commit.id;
    },
    async make({ name, commit, message }) {
      const body = { tag_name: name, ref: commit, ...(message !== undefined && { message }) };
      const answer = await gitlab.call({ method: 'POST', path: 'repository/tags', body, accepted: [400, 409, 422] });
      return answer.status < 300;
    },
  };
};

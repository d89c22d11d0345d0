import type { WebReply, WebRequest } from './web-server.ts';

/** A host in the place of the real one, with the tags of `acme/shop` by name: the commit, and the message of an annotated one. */
export interface FakeGitHost {
  readonly tags: Map<string, { readonly commit: string; readonly message?: string | undefined }>;
  /** Commits that it knows. */
  readonly commits: Set<string>;
  readonly reply: (request: WebRequest) => WebReply;
}

const notFound: WebReply = { status: 404, body: { message: 'Not Found' } };

/** GitHub's references and tag objects; the id of a tag object is `a` and its name in hex, filled up. */
export function fakeGitHub(): FakeGitHost {
  const [tags, commits]: [FakeGitHost['tags'], Set<string>] = [new Map(), new Set()];
  const objects = new Map<string, { commit: string; message: string }>();
  const pointer = (sha: string) => ({ sha, type: objects.has(sha) ? 'tag' : 'commit' });
  const idOf = (name: string): string => `a${Buffer.from(name).toString('hex')}`.padEnd(40, '0').slice(0, 40);
  return {
    ...{ tags, commits },
    reply({ method, path, text }) {
      const body = text ? (JSON.parse(text) as Record<string, string>) : {}; // what we send is an object of texts
      const [, call = ''] = path.split('/api/v3/repos/acme/shop/git/');
      if (method === 'POST' && call === 'tags') {
        if (!commits.has(body['object'] ?? '')) return { status: 422, body: { message: 'Object does not exist' } };
        const sha = idOf(body['tag'] ?? '');
        objects.set(sha, { commit: body['object'] ?? '', message: body['message'] ?? '' });
        return { status: 201, body: { sha, object: { type: 'commit', sha: body['object'] } } };
      }
      if (method === 'POST' && call === 'refs') {
        const name = (body['ref'] ?? '').replace('refs/tags/', '');
        const { commit = body['sha'] ?? '', message } = objects.get(body['sha'] ?? '') ?? {};
        if (tags.has(name) || !commits.has(commit))
          return { status: 422, body: { message: 'Reference already exists' } };
        tags.set(name, { commit, message });
        return { status: 201, body: { ref: body['ref'], object: pointer(body['sha'] ?? '') } };
      }
      if (call.startsWith('ref/tags/')) {
        const name = decodeURIComponent(call.slice('ref/tags/'.length));
        const tag = tags.get(name);
        const sha = tag?.message === undefined ? tag?.commit : idOf(name);
        if (tag?.message !== undefined) objects.set(idOf(name), { commit: tag.commit, message: tag.message });
        return sha === undefined ? notFound : { status: 200, body: { ref: name, object: pointer(sha) } };
      }
      const object = objects.get(call.slice('tags/'.length));
      return object ? { status: 200, body: { object: { type: 'commit', sha: object.commit } } } : notFound;
    },
  };
}

/** GitLab's tags. */
export function fakeGitLab(): FakeGitHost {
  const [tags, commits]: [FakeGitHost['tags'], Set<string>] = [new Map(), new Set()];
  const shown = (name: string, { commit, message }: { commit: string; message?: string | undefined }) => ({
    ...{ name, message: message ?? null },
    commit: { id: commit },
  });
  return {
    ...{ tags, commits },
    reply({ method, path, text }) {
      const [, call] = path.split('/api/v4/projects/acme%2Fshop/repository/tags');
      if (call === undefined) return notFound;
      if (method === 'POST') {
        const body = JSON.parse(text) as Record<string, string>; // what we send is an object of texts
        const [name, commit] = [body['tag_name'] ?? '', body['ref'] ?? ''];
        if (tags.has(name)) return { status: 400, body: { message: `Tag ${name} already exists` } };
        if (!commits.has(commit)) return { status: 400, body: { message: `Target ${commit} is invalid` } };
        tags.set(name, { commit, message: body['message'] });
        return { status: 201, body: shown(name, { commit, message: body['message'] }) };
      }
      const name = decodeURIComponent(call.slice(1));
      const tag = tags.get(name);
      return tag ? { status: 200, body: shown(name, tag) } : notFound;
    },
  };
}

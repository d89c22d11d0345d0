import type { Random } from '../random.ts';
import type { Mutation } from './mutation.ts';

type Headers = Readonly<Record<string, string>>;

/** Signatures, dates, scopes, keys and tokens that are not those of the request; presigned queries that are none. */
export const signature: Mutation = {
  layer: 'signature',
  mutate(request, random) {
    if (request.service === undefined) return undefined;
    const kind = random.below(changes.length + 1);
    const change = changes[kind];
    if (change) return { ...request, afterSigning: (headers) => change(headers, random) };
    const credential = `AKIAX%2F20260105%2Fus-east-1%2F${request.service}%2Faws4_request`;
    const expires = random.pick(['60', '0', '-1', '999999999', 'x', '']);
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Expires=${expires}&X-Amz-Date=x`;
    return {
      ...request,
      path: `${request.path}${request.path.includes('?') ? '&' : '?'}${query}`,
      afterSigning: ({ authorization: _left, ...others }) => others,
    };
  },
};

const changes: readonly ((headers: Headers, random: Random) => Headers)[] = [
  (headers, random) => withAuthorization(headers, (text) => flipped(text, random)),
  (headers) => withAuthorization(headers, (text) => text.replace(/Signature=.*/, 'Signature=')),
  (headers) => withAuthorization(headers, (text) => text.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=')),
  (headers) => withAuthorization(headers, (text) => text.replace(/Credential=[^/]*/, 'Credential=AKIAUNKNOWN')),
  (headers) => withAuthorization(headers, (text) => text.replace('us-east-1', 'eu-west-1')),
  (headers) => withAuthorization(headers, (text) => text.replace('aws4_request', 'aws4')),
  (headers, random) => withAuthorization(headers, (text) => text.slice(0, random.below(text.length))),
  (headers, random) => ({ ...headers, 'x-amz-date': random.pick(['', '20200101T000000Z', 'x', '99999999T999999Z']) }),
  (headers) => ({ ...headers, 'x-amz-content-sha256': '0'.repeat(64) }),
  (headers) => ({ ...headers, 'x-amz-security-token': 'made up' }),
  (headers) => withAuthorization(headers, () => 'Basic YTpi'),
  ({ authorization: _left, ...others }) => others,
];

function withAuthorization(headers: Headers, change: (text: string) => string): Headers {
  return { ...headers, authorization: change(headers['authorization'] ?? '') };
}

function flipped(text: string, random: Random): string {
  const at = text.length - 1 - random.below(64);
  return `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}

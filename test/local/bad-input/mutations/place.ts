import type { Random } from '../random.ts';
import type { Draft, Mutation } from './mutation.ts';
import { oddTexts } from './odd-values.ts';

const segments = [
  ...[
    '',
    '.',
    '..',
    '%2e%2e',
    '%2F',
    '%00',
    '%',
    '%zz',
    '%c3',
    '%ff%fe',
    '%ED%A0%80',
    '*',
    ':',
    '{Bucket}',
    '__proto__',
  ],
  ...['arn:aws:lambda:us-east-1:123456789012:function:echo', 'none', 'a'.repeat(1_200), ';', '@', '$default', '+', '~'],
];
const parameters = [
  ...['uploads', 'uploadId', 'partNumber', 'versionId', 'list-type', 'max-keys', 'encoding-type', 'delete', 'policy'],
  ...['versioning', 'website', 'tagging', 'acl', 'X-Amz-Expires', 'Qualifier', 'MaxItems', 'Marker', 'x-id', 'a', ''],
];

/** Other paths and queries: traversal, bad escapes, empty and huge segments, parameters of other operations. */
export const place: Mutation = {
  layer: 'path and query',
  mutate(request, random) {
    let path = request.path;
    for (let count = 1 + random.below(2); count > 0; count--) path = mutated(path, random);
    return { ...request, path: path.replace(/[^\x21-\x7e]/g, '') };
  },
};

/** Methods that the operation does not have, or nobody. */
export const method: Mutation = {
  layer: 'method',
  mutate(request, random): Draft {
    const methods = [
      'GET',
      'PUT',
      'POST',
      'DELETE',
      'HEAD',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'get',
      'FROB',
      'PROPFIND',
      'M-SEARCH',
    ];
    return { ...request, method: random.pick(methods) };
  },
};

function mutated(path: string, random: Random): string {
  const [place = '/', query] = path.split('?');
  const parts = place.split('/');
  const at = 1 + random.below(Math.max(1, parts.length - 1));
  const tail = query === undefined ? '' : `?${query}`;
  switch (random.below(7)) {
    case 0:
      return parts.with(Math.min(at, parts.length - 1), random.pick(segments)).join('/') + tail;
    case 1:
      return parts.toSpliced(at, 0, random.pick(segments)).join('/') + tail;
    case 2:
      return (parts.toSpliced(at, 1).join('/') || '/') + tail;
    case 3:
      return `${place}${tail || '?'}&${random.pick(parameters)}=${encodeURI(random.pick(segments))}`;
    case 4:
      return `${place}${tail || '?'}&${random.pick(parameters)}=${encoded(random.pick(oddTexts))}`;
    case 5:
      return place;
    default:
      return `${place}?${(query ?? 'a=b').replace(/=[^&]*/, () => `=${encoded(random.pick(oddTexts))}`)}`;
  }
}

/** Half a character cannot be written as UTF-8. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

import { sha256, signatureOf } from '../../../local/gateway/signing/signature-v4.ts';
import type { Draft } from './mutations/mutation.ts';

/** Who signs. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly port: number;
}

const date = '20260105';
const time = `${date}T090000Z`;

/** The bytes of a request, signed as its mutation wants it. `aborts`: the client leaves after them. */
export function wireOf(draft: Draft, signer: Signer): { bytes: Buffer; aborts: boolean } {
  const signed = draft.service === undefined ? draft.headers : signedHeaders(draft, draft.service, signer);
  const headers = draft.afterSigning?.(signed) ?? signed;
  const lines = Object.entries({ host: `127.0.0.1:${signer.port}`, connection: 'close', ...headers });
  const head = `${draft.method} ${draft.path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
  return framed(draft, Buffer.from(head, 'latin1'));
}

function framed({ framing, body }: Draft, head: Buffer): { bytes: Buffer; aborts: boolean } {
  const whole = (more: string, content: Buffer, aborts = false) => ({
    bytes: Buffer.concat([head, Buffer.from(`${more}\r\n\r\n`), content]),
    aborts,
  });
  const half = body.subarray(0, body.length >> 1);
  switch (framing) {
    case 'head-only':
      return { bytes: head, aborts: true };
    case 'cut':
      return whole(`content-length: ${body.length + 1}`, half, true);
    case 'longer-than-said':
      return whole(`content-length: ${half.length}`, body);
    case 'length-is-no-number':
      return whole('content-length: 1x', body);
    case 'chunked':
      return whole('transfer-encoding: chunked', Buffer.concat([...chunks(body), Buffer.from('0\r\n\r\n')]));
    case 'chunked-cut':
      return whole('transfer-encoding: chunked', Buffer.concat(chunks(body)), true);
    default:
      return whole(`content-length: ${body.length}`, body);
  }
}

function chunks(body: Buffer): Buffer[] {
  const parts = [body.subarray(0, body.length >> 1), body.subarray(body.length >> 1)].filter(
    ({ length }) => length > 0,
  );
  return parts.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
}

function signedHeaders(draft: Draft, service: string, signer: Signer): Record<string, string> {
  const given = draft.headers['x-amz-content-sha256'] ?? '';
  const payloadHash = /^(STREAMING|UNSIGNED)-/.test(given) ? given : sha256(draft.body);
  const headers = { ...draft.headers, 'x-amz-date': time, 'x-amz-content-sha256': payloadHash };
  const [path = '/', ...query] = draft.path.split('?');
  const { accessKeyId, secretAccessKey } = signer;
  const signature = signatureOf(
    { method: draft.method, path, query: query.join('?'), headers, body: draft.body, sourceIp: '' },
    {
      scope: { accessKeyId, date, region: 'us-east-1', service, isPresigned: false },
      ...{ secretAccessKey, date: time, signedHeaders: ['x-amz-date'], payloadHash },
    },
  );
  const credential = `${accessKeyId}/${date}/us-east-1/${service}/aws4_request`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=x-amz-date, Signature=${signature}`,
  };
}

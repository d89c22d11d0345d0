import { STATUS_CODES } from 'node:http';
import type { AwsError } from '../../errors.ts';
import type { WireRequest, WireResponse } from '../../gateway/service.ts';

/** What a path below `/_site/` names. */
export interface SitePlace {
  readonly bucket: string;
  readonly key: string;
}

/** The page that an S3 website endpoint shows for an error: the code, the message, what they are about. */
export function errorPage(error: AwsError, request: WireRequest): WireResponse {
  const title = `${error.httpStatus} ${STATUS_CODES[error.httpStatus] ?? ''}`.trim();
  const details = { Code: error.code, Message: error.message, ...error.members };
  const lines = Object.entries(details).map(([name, value]) => `<li>${escapeHtml(`${name}: ${String(value)}`)}</li>`);
  const page = `<html>
<head><title>${title}</title></head>
<body>
<h1>${title}</h1>
<ul>
${lines.join('\n')}
</ul>
<hr/>
</body>
</html>
`;
  return {
    status: error.httpStatus,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-length': String(Buffer.byteLength(page)) },
    body: request.method === 'HEAD' ? '' : page,
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

import type { WebCall } from '../web/web-api.ts';
import type { TicketFile } from './provider.ts';

/** A text file as the field `file` of a form (RFC 7578). The boundary is the file's mark, which its text does not hold. */
export function formOf({ name, text, mark }: TicketFile): Required<Pick<WebCall, 'body' | 'headers'>> {
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${mark}` },
    body: [
      `--${mark}`,
      `Content-Disposition: form-data; name="file"; filename="${name}"`,
      'Content-Type: text/plain; charset=utf-8',
      '',
      text.replaceAll(mark, ''),
      `--${mark}--`,
      '',
    ].join('\r\n'),
  };
}

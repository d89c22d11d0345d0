import { randomUUID } from 'node:crypto';
import { notSupportedLocally } from '../errors.ts';
import { escapeXml } from './protocols/xml-values.ts';
import type { WireRequest, WireResponse } from './service.ts';

/**
 * Answers a request for a service that the local cloud does not have. Its protocol is not known, but its clients must
 * read the answer: a form is the Query protocol, or EC2's kind of it, and gets XML; all others read JSON.
 */
export function refuseService(service: string, request: WireRequest): WireResponse {
  const { code, message, httpStatus: status } = notSupportedLocally(`the service ${service}`);
  if (!isForm(request)) {
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
    return { status, headers, body: JSON.stringify({ message }) };
  }
  const inside = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  const body =
    service === 'ec2'
      ? `<Response><Errors><Error>${inside}</Error></Errors><RequestID>${randomUUID()}</RequestID></Response>`
      : `<ErrorResponse><Error><Type>Receiver</Type>${inside}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function isForm({ headers }: WireRequest): boolean {
  return headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
}

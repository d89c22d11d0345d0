import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { WireResponse } from '../../gateway/service.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';

/** Headers that belong to the connection; a function cannot set them. */
const connectionHeaders = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'upgrade']);

/**
 * Reads what a function returned, payload format 2.0: an answer with `statusCode`, or anything else as the body of a 200
 * in JSON. Undefined if it has `statusCode` and is not a well-formed answer.
 */
export function proxyResponse(payload: Json): WireResponse | undefined {
  if (!isJsonObject(payload) || payload['statusCode'] === undefined) return inferred(payload);
  const status = Number(payload['statusCode']);
  const { body = '', isBase64Encoded = false } = payload;
  const headers = headersOf(payload);
  if (!Number.isInteger(status) || status < 100 || status > 599 || !headers) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  if (typeof isBase64Encoded !== 'boolean') return undefined;
  const bytes = isBase64Encoded ? new Uint8Array(Buffer.from(body ?? '', 'base64')) : (body ?? '');
  if (bytes.length > 0) headers['content-type'] ??= 'text/plain;charset=UTF-8';
  return { status, headers, body: bytes };
}

function inferred(payload: Json): WireResponse {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function headersOf(payload: JsonObject): Record<string, string | string[]> | undefined {
  const { headers = {}, cookies = [] } = payload;
  if (!isJsonObject(headers) || !Array.isArray(cookies)) return undefined;
  const result: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (connectionHeaders.has(name.toLowerCase())) continue;
    if (!isHeader(name, value)) return undefined;
    result[name.toLowerCase()] = String(value);
  }
  if (cookies.length === 0) return result;
  if (!cookies.every((cookie) => isHeader('set-cookie', cookie))) return undefined;
  return { ...result, 'set-cookie': cookies.map(String) };
}

function isHeader(name: string, value: Json): boolean {
  if (value === null || typeof value === 'object') return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, String(value));
    return true;
  } catch {
    return false;
  }
}

import { randomUUID } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { invalidParameter } from './sns-error.ts';

/** One attribute of a message; binary values as Base64. */
export interface MessageAttribute extends JsonObject {
  Type: string;
  Value: string;
}

/** What has been published, as it waits for its deliveries. */
export interface PublishedMessage extends JsonObject {
  messageId: string;
  topicArn: string;
  /** Null if it has none. */
  subject: string | null;
  /** The text for each protocol; `default` is always there. */
  texts: Record<string, string>;
  attributes: Record<string, MessageAttribute>;
  /** ISO 8601 with milliseconds. */
  timestamp: string;
}

/** The members of Publish, and of an entry of PublishBatch, that make a message. */
export interface PublishInput {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: Record<string, MessageAttributeValue> | undefined;
}

/** Message and attributes together (SNS quotas). */
export const maxMessageBytes = 262_144;

/**
 * Makes a message of what somebody publishes.
 * @throws AwsError `InvalidParameterException` in SNS's words
 */
export function readMessage(input: PublishInput, to: { topicArn: string; nowMs: number }): PublishedMessage {
  const text = input.Message ?? '';
  if (text === '') throw invalidParameter('Empty message');
  if (messageBytes(input) > maxMessageBytes) throw invalidParameter('Message too long');
  return {
    messageId: randomUUID(),
    topicArn: to.topicArn,
    subject: readSubject(input.Subject),
    texts: readTexts(text, input.MessageStructure),
    attributes: readAttributes(input.MessageAttributes ?? {}),
    timestamp: new Date(to.nowMs).toISOString(),
  };
}

/** What counts against the size limits: the message, and names, types and values of its attributes. */
export function messageBytes(input: PublishInput): number {
  const attributes = Object.entries(input.MessageAttributes ?? {});
  const sizes = attributes.map(
    ([name, { DataType = '', StringValue = '', BinaryValue }]) =>
      Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.byteLength ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(input.Message ?? ''));
}

/** Subjects are ASCII, start with a letter, digit or punctuation mark, have no control characters and at most 100 characters. */
function readSubject(subject: string | undefined): string | null {
  if (subject === undefined) return null;
  if (!/^[!-~][ -~]{0,99}$/.test(subject)) throw invalidParameter('Subject');
  return subject;
}

function readTexts(text: string, structure: string | undefined): Record<string, string> {
  if (structure === undefined) return { default: text };
  if (structure !== 'json') throw invalidParameter('Message Structure - Only json is allowed');
  const parsed = parseOrUndefined(text);
  if (!isJsonObject(parsed)) throw invalidParameter('Message Structure - JSON message body failed to parse');
  if (typeof parsed['default'] !== 'string') {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function parseOrUndefined(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function readAttributes(given: Record<string, MessageAttributeValue>): Record<string, MessageAttribute> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(
  name: string,
  { DataType = '', StringValue, BinaryValue }: MessageAttributeValue,
): MessageAttribute {
  if (!/^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/.test(name)) throw invalidParameter(`attribute name ${name}`);
  if (!/^(String|Number|Binary|String\.Array)(\.|$)/.test(DataType)) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const value = DataType.startsWith('Binary') ? toBase64(BinaryValue) : StringValue;
  if (value === undefined || value === '') {
    throw invalidParameter(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (DataType.startsWith('Number') && Number.isNaN(Number(value))) {
    throw invalidParameter(`Could not cast message attribute '${name}' value to number.`);
  }
  return { Type: DataType, Value: value };
}

function toBase64(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString('base64');
}

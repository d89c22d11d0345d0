import { AwsError, notSupportedLocally } from '../../errors.ts';

/** A queue's settings by the API's names; only those that were set. */
export type QueueSettings = Readonly<Record<string, string>>;

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Bounds and defaults of settings that are numbers, as documented. */
const numbers: Readonly<Record<string, { readonly bounds: readonly [number, number]; readonly otherwise: number }>> = {
  DelaySeconds: { bounds: [0, 900], otherwise: 0 },
  MaximumMessageSize: { bounds: [1_024, 1_048_576], otherwise: 1_048_576 },
  MessageRetentionPeriod: { bounds: [60, 1_209_600], otherwise: 345_600 },
  ReceiveMessageWaitTimeSeconds: { bounds: [0, 20], otherwise: 0 },
  VisibilityTimeout: { bounds: [0, 43_200], otherwise: 30 },
  KmsDataKeyReusePeriodSeconds: { bounds: [60, 86_400], otherwise: 300 },
};

/** Settings that are shown only if they were set. */
const texts = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'SqsManagedSseEnabled']);
const fifoOnly = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);

/** The value of a numeric setting. */
export function settingNumber(settings: QueueSettings, name: string): number {
  return Number(settings[name] ?? numbers[name]?.otherwise ?? 0);
}

/** All settings that GetQueueAttributes shows. */
export function shownSettings(settings: QueueSettings): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, { otherwise }] of Object.entries(numbers)) {
    if (name === 'KmsDataKeyReusePeriodSeconds' && settings['KmsMasterKeyId'] === undefined) continue;
    shown[name] = settings[name] ?? String(otherwise);
  }
  for (const name of texts) if (settings[name]) shown[name] = settings[name];
  shown['SqsManagedSseEnabled'] ??= settings['KmsMasterKeyId'] === undefined ? 'true' : 'false';
  return shown;
}

/** Whether GetQueueAttributes knows a setting of this name. */
export function isSetting(name: string): boolean {
  return Object.hasOwn(numbers, name) || texts.has(name);
}

/**
 * Settings that may be set. An empty text takes a setting away.
 * @throws AwsError InvalidAttributeName or InvalidAttributeValue; FIFO settings are not supported locally
 */
export function checkSettings(given: QueueSettings): QueueSettings {
  for (const [name, value] of Object.entries(given)) {
    if (fifoOnly.has(name)) {
      if (value === 'false') continue;
      throw notSupportedLocally(`the queue attribute ${name} (FIFO queues)`);
    }
    if (!isSetting(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    checkSetting(name, value);
  }
  return Object.fromEntries(Object.entries(given).filter(([name]) => !fifoOnly.has(name)));
}

function checkSetting(name: string, value: string): void {
  const number = numbers[name];
  if (number) {
    const [low, high] = number.bounds;
    if (/^\d+$/.test(value) && Number(value) >= low && Number(value) <= high) return;
    throw invalidValue(name, `must be from ${low} to ${high}`);
  }
  if (name === 'RedrivePolicy' && value !== '' && !readRedrivePolicy(value)) {
    throw invalidValue(name, 'must be JSON with deadLetterTargetArn and maxReceiveCount from 1 to 1000');
  }
  if (name === 'SqsManagedSseEnabled' && value !== 'true' && value !== 'false') {
    throw invalidValue(name, 'must be true or false');
  }
}

function invalidValue(name: string, reason: string): AwsError {
  return new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}. Reason: it ${reason}.`);
}

/** Reads a redrive policy; undefined if there is none or it is not one. */
export function readRedrivePolicy(text: string | undefined): RedrivePolicy | undefined {
  const policy = parse(text ?? '');
  if (typeof policy !== 'object' || policy === null) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = policy as Readonly<Record<string, unknown>>;
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > 1000)
    return undefined;
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { createPublicKey, createSign, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Signs messages as SNS does in version 2 (SHA-256 with RSA), but with a key of this folder, not of Amazon. */
export interface Signer {
  /** Base64, over the members that SNS signs of this type of message. */
  sign(message: Readonly<Record<string, string>>): string;
  /** The key to check with, in PEM. SNS serves a certificate here; a bare public key is what is honest locally. */
  publicKeyPem(): string;
}

/** What is signed, in this order (SNS developer guide, verifying signatures). */
const signedMembers = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;

/** Opens the signer of a folder; its key is made when it is first needed. */
export function openSigner(folder: string): Signer {
  let key: string | undefined;
  const privateKey = (): string => (key ??= readOrMakeKey(folder));
  return {
    sign: (message) => createSign('RSA-SHA256').update(textToSign(message)).sign(privateKey(), 'base64'),
    publicKeyPem: () => createPublicKey(privateKey()).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Name and value of each signed member that is there, each followed by a line feed. */
export function textToSign(message: Readonly<Record<string, string>>): string {
  const members = signedMembers[message['Type'] === 'Notification' ? 'Notification' : 'SubscriptionConfirmation'];
  return members.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
}

function readOrMakeKey(folder: string): string {
  const file = join(folder, 'signing-key.pem');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(`${file}.new`, pem, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return pem;
}

import { AwsError } from '../../errors.ts';
import type { UnsignedRoute, WireRequest, WireResponse } from '../../gateway/service.ts';
import { signingKeyFile, unsignedPrefix } from './envelope.ts';
import type { Signer } from './signer.ts';
import { confirmSubscription, type SubscriptionParts } from './subscriptions.ts';

/** The links in messages: confirming, unsubscribing, and the key to check signatures with. GET only. */
export function unsignedRoute(parts: SubscriptionParts, signer: Signer): UnsignedRoute {
  return {
    prefix: unsignedPrefix,
    serve: (request) => {
      try {
        return Promise.resolve(answer(request, parts, signer));
      } catch (error) {
        if (error instanceof AwsError) return Promise.resolve(toErrorResponse(error));
        return Promise.reject(error);
      }
    },
  };
}

function answer(request: WireRequest, parts: SubscriptionParts, signer: Signer): WireResponse {
  if (request.method !== 'GET')
    throw new AwsError('InvalidAction', 'Links of messages are followed by GET', { httpStatus: 405 });
  if (request.path === `${unsignedPrefix}${signingKeyFile}`) {
    return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: signer.publicKeyPem() };
  }
  const query = new URLSearchParams(request.query);
  const action = query.get('Action');
  switch (action) {
    case 'ConfirmSubscription': {
      const { arn } = confirmSubscription(query.get('TopicArn') ?? '', query.get('Token') ?? '', parts);
      return toXml(200, action, `<${action}Result><SubscriptionArn>${arn}</SubscriptionArn></${action}Result>`);
    }
    case 'Unsubscribe':
      unsubscribe(query.get('SubscriptionArn') ?? '', parts);
      return toXml(200, action, '');
    default:
      throw new AwsError('InvalidAction', 'Action is neither ConfirmSubscription nor Unsubscribe');
  }
}

function unsubscribe(arn: string, { topics }: SubscriptionParts): void {
  const subscription = topics.findSubscription(arn);
  if (subscription?.attributes['ConfirmationWasAuthenticated'] === 'true') {
    throw new AwsError('AuthorizationErrorException', 'This subscription may only be ended by a signed request', {
      httpStatus: 403,
    });
  }
  topics.unsubscribe(arn);
}

function toXml(status: number, action: string, content: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${content}</${action}Response>`,
  };
}

/** The messages of SNS's errors hold nothing that XML would need escaped, except what a caller sent. */
function toErrorResponse({ code, message, httpStatus }: AwsError): WireResponse {
  const text = message.replace(/[<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const error = `<Error><Type>Sender</Type><Code>${code.replace(/Exception$/, '')}</Code><Message>${text}</Message></Error>`;
  return toXml(httpStatus, 'Error', error);
}

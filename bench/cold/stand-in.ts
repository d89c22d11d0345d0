import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { strToU8, zipSync } from 'fflate';

/** The workflow in which long jobs wait; starting it ends the first invocation of one. */
export const jobMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:job:live';

/** A loopback server in the place of AWS and of everybody's APIs. */
export interface StandIn {
  readonly url: string;
  /** How the job ended, and forgets all of it; undefined if it had no end. */
  takeEnd(): string | undefined;
  close(): Promise<void>;
}

/** What one request is answered; 200 unless it says otherwise. */
interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string | Uint8Array;
}

/** What the stand-in remembers of one job. */
interface Memory {
  /** Items of the table, by key. */
  readonly items: Map<string, unknown>;
  end: string | undefined;
}

/** Starts the server. */
export async function startStandIn(): Promise<StandIn> {
  const memory: Memory = { items: new Map(), end: undefined };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      memory.end = endOf(operationOf(request), body) ?? memory.end;
      const { status = 200, headers = {}, body: answer } = reply(request, body, { url, memory });
      const isReady = typeof answer === 'string' || answer instanceof Uint8Array;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(isReady ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = urlOf(server.address());
  return {
    url,
    takeEnd() {
      const { end } = memory;
      memory.items.clear();
      memory.end = undefined;
      return end;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

function endOf(operation: string | undefined, body: string): string | undefined {
  if (operation === 'PutJobFailureResult') return 'failed';
  if (operation === 'PutJobSuccessResult') return body.includes('"continuationToken"') ? 'continues' : 'succeeded';
  return operation === 'StartExecution' && body.includes(jobMachineArn) ? 'waits' : undefined;
}

/** A TCP server's address is no string. */
const urlOf = (address: unknown): string => `http://127.0.0.1:${(address as AddressInfo).port}`;

function operationOf({ headers }: IncomingMessage): string | undefined {
  const target = headers['x-amz-target'];
  return typeof target === 'string' ? target.split('.').at(-1) : undefined;
}

function reply(request: IncomingMessage, body: string, around: Around): Reply {
  const operation = operationOf(request);
  if (operation !== undefined) return awsReply(operation, body, around);
  if (body.includes('Action=DescribeStacks')) return noStack;
  return webReply(request.method ?? '', request.url ?? '');
}

/** What surrounds a request. */
interface Around {
  readonly url: string;
  readonly memory: Memory;
}

/** The protocols in JSON; what is not named here is answered an empty object. */
function awsReply(operation: string, body: string, { url, memory: { items } }: Around): Reply {
  switch (operation) {
    case 'PutItem': {
      const { Item } = JSON.parse(body) as { Item: Key }; // what the operation documents
      items.set(keyOf(Item), Item);
      return { body: {} };
    }
    case 'GetItem': {
      const { Key } = JSON.parse(body) as { Key: Key }; // what the operation documents
      return { body: { Item: items.get(keyOf(Key)) } };
    }
    case 'DescribeAlarms':
      return { body: { MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK' }] } };
    case 'GetSecretValue':
      if (body.includes('missing')) return { status: 400, body: { __type: 'ResourceNotFoundException' } };
      return { body: { SecretString: body.includes('hook') ? `${url}/hook` : 't-1' } };
    case 'StartExecution':
      return {
        body: { executionArn: 'arn:aws:states:eu-central-1:123456789012:execution:work:w-1', startDate: 1_767_600_000 },
      };
    case 'CreateUpload':
      return { body: { upload: { arn: 'arn:upload', url: `${url}/upload` } } };
    default:
      return { body: {} };
  }
}

/** The table's. */
interface Key {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}

const keyOf = ({ pk, sk }: Key): string => `${pk.S} ${sk.S}`;

const noStack: Reply = {
  status: 400,
  headers: { 'content-type': 'text/xml' },
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id preview does not exist</Message></Error></ErrorResponse>',
};

const artifact = zipSync({ 'shop.apk': strToU8('app'), 'main.ts': strToU8('export const answer = 42;\n') });
const manifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}';
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

function webReply(method: string, path: string): Reply {
  if (path.startsWith('/test-artifacts/')) return { body: artifact };
  if (path.includes('/manifests/')) return { headers: { 'docker-content-digest': digest }, body: manifest };
  if (path.includes('/repository/tags/')) return { status: 404, body: {} };
  if (path.endsWith('/repository/tags')) return { status: 201, body: { commit: { id: 'c'.repeat(40) } } };
  if (path.includes('/comments'))
    return { status: method === 'GET' ? 200 : 201, body: method === 'GET' ? [] : { id: 1 } };
  return { body: { id: 7, number: 7, html_url: 'https://example.com/7', state: 'open', title: 'Release', body: '' } };
}

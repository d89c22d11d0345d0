import type { NormalizedSchema } from '@smithy/core/schema';
import { requiredMembers, serviceSchemas } from '../../local/gateway/schema/service-schemas.ts';
import type { ServiceApi } from '../../local/gateway/service.ts';

/** How an operation of a service answers an input that has its required members and little sense. */
export interface WalkedOperation {
  readonly name: string;
  readonly hasHandler: boolean;
  /** `ok`, or the name that the SDK gives the error. */
  readonly outcome: string;
  readonly message: string;
}

type Send = (command: never) => Promise<unknown>;

/** Sends every command of an SDK client's module through the client, or those that are asked for. */
export async function walkOperations(
  api: ServiceApi,
  client: { send: Send },
  isWanted: (name: string) => boolean = () => true,
): Promise<WalkedOperation[]> {
  const commands = new Map<string, unknown>(Object.entries(api.schemas));
  const walked: WalkedOperation[] = [];
  for (const [name, { input }] of serviceSchemas(api).operations) {
    if (!isWanted(name)) continue;
    // Every operation's command is a class of the client's module, made from the operation's input.
    const Command = commands.get(`${name}Command`) as new (input: unknown) => never;
    const answer = await client.send(new Command(sampleOf(input, 0))).then(
      () => ({ outcome: 'ok', message: '' }),
      (error: Error) => ({ outcome: error.name, message: error.message }),
    );
    walked.push({ name, hasHandler: api.operations[name] !== undefined, ...answer });
  }
  return walked;
}

/** Whether an answer is one that the service documents, or a refusal that names the operation. */
export function isAnswered({ name, hasHandler, outcome, message }: WalkedOperation): boolean {
  if (!hasHandler) return outcome === 'NotImplemented' && message.includes(name);
  return !['InternalFailure', 'SerializationException', 'UnknownError', 'TypeError', 'Error'].includes(outcome);
}

function sampleOf(schema: NormalizedSchema, depth: number): unknown {
  if (schema.isUnitSchema() || depth > 5) return {};
  if (schema.isStructSchema()) {
    const required = requiredMembers(schema);
    const members = [...schema.structIterator()].filter(([name]) => required.has(name));
    return Object.fromEntries(members.map(([name, member]) => [name, sampleOf(member, depth + 1)]));
  }
  if (schema.isListSchema()) return [sampleOf(schema.getValueSchema(), depth + 1)];
  if (schema.isMapSchema()) return {};
  if (schema.isBooleanSchema()) return true;
  if (schema.isTimestampSchema()) return new Date(0);
  if (schema.isBlobSchema()) return new Uint8Array([1]);
  return schema.isNumericSchema() ? 1 : 'sample';
}

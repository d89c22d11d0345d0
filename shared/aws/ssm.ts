import { GetParametersByPathCommand, SSMClient, type Parameter } from '@aws-sdk/client-ssm';
import { systemClock, type Clock } from '../clock.ts';
import { Misconfigured } from '../errors.ts';
import { serviceSchema, type Service, type ServiceDirectory } from '../services/service.ts';
import { clientSettings } from './client-settings.ts';
import { calling } from './failure.ts';

const keptMs = 30_000;

/** The services whose parameters lie under a path; a read is kept for half a minute. */
export function serviceDirectory(
  prefix: string,
  client: SSMClient = new SSMClient(clientSettings),
  clock: Clock = systemClock,
): ServiceDirectory {
  let kept: { readonly services: readonly Service[]; readonly untilMs: number } | undefined;
  const list = async (): Promise<readonly Service[]> => {
    if (kept && clock.nowMs() < kept.untilMs) return kept.services;
    const services = (await readAll(client, prefix)).map(toService);
    kept = { services, untilMs: clock.nowMs() + keptMs };
    return services;
  };
  return { list, find: async (name) => (await list()).find((service) => service.name === name) };
}

async function readAll(client: SSMClient, prefix: string): Promise<Parameter[]> {
  const parameters: Parameter[] = [];
  let next: string | undefined;
  do {
    const command = new GetParametersByPathCommand({ Path: prefix.slice(0, -1), ...(next && { NextToken: next }) });
    const page = await calling('ssm:GetParametersByPath', () => client.send(command));
    parameters.push(...(page.Parameters ?? []));
    next = page.NextToken;
  } while (next);
  return parameters;
}

function toService({ Name: name = '', Value: value = '' }: Parameter): Service {
  try {
    return serviceSchema.parse(JSON.parse(value));
  } catch (cause) {
    throw new Misconfigured(`parameter ${name} does not hold a service; declare it in the CDK app and deploy`, {
      cause,
    });
  }
}

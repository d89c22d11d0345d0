import * as z from 'zod/mini';
import { ActionFailed, cut } from '../result.ts';
import { readCredentials } from '../gateways/secrets.ts';
import { webApi } from '../web/web-api.ts';
import type { ShowMark } from './parameters.ts';

// https://docs.datadoghq.com/api/latest/events/post-an-event/ (v1)

const postedSchema = z.object({ event: z.object({ id_str: z.optional(z.string()), id: z.optional(z.number()) }) });

/** The documented limits. */
const [longestTitle, longestText] = [100, 4_000];

const alertTypes: Readonly<Record<string, string>> = { failed: 'error', succeeded: 'success' };

/** Datadog: an event. Events of one aggregation key are shown as one, so a second post of the same shows nothing new. */
export const showInDatadog: ShowMark<'datadog'> = async ({ url, secret, tags }, { text, at, id, facts }, input) => {
  const { signal, remainingMs, clock, gateways } = input;
  const credentials = await readCredentials(gateways.secrets, secret);
  if (credentials.kind !== 'token')
    throw new ActionFailed('ConfigurationError', `Datadog takes an API key; keep {"token":"…"} in secret ${secret}`);
  const headers = { 'dd-api-key': credentials.token };
  const datadog = webApi({ name: 'Datadog', baseUrl: `${url}/api/v1`, headers, signal, remainingMs, clock });
  const body = {
    title: cut(text, longestTitle),
    text: cut(`${text}\nrelease ${facts.release}, asked for by ${facts.requestedBy}`, longestText),
    date_happened: Math.floor(Date.parse(at) / 1000),
    tags: [...tags, `service:${facts.service}`, `version:${facts.commit}`],
    aggregation_key: `slipway:${id}`,
    alert_type: alertTypes[facts.outcome] ?? 'info',
    source_type_name: 'slipway',
  };
  const { result } = await input.once('event', {
    async make() {
      const { event } = postedSchema.parse((await datadog.call({ method: 'POST', path: 'events', body })).json());
      return event.id_str ?? String(event.id ?? '');
    },
  });
  return result === '' ? undefined : result;
};

import * as z from 'zod/mini';
import { authorizationOf, readCredentials } from '../gateways/secrets.ts';
import { webApi } from '../web/web-api.ts';
import type { ShowMark } from './parameters.ts';

// https://grafana.com/docs/grafana/latest/developer-resources/api-reference/http-api/annotations/

const madeSchema = z.object({ id: z.int() });
const foundSchema = z.array(madeSchema);

/** Grafana: an annotation, of the organization or of a dashboard. Its mark is a tag. */
export const showInGrafana: ShowMark<'grafana'> = async (parameters, { text, at, id, facts }, input) => {
  const { url, secret, tags, dashboardUid, panelId } = parameters;
  const { signal, remainingMs, clock, gateways } = input;
  const headers = { authorization: authorizationOf(await readCredentials(gateways.secrets, secret)) };
  const grafana = webApi({
    name: 'Grafana',
    baseUrl: `${url}/api`,
    headers,
    signal,
    remainingMs,
    clock,
  });
  const mark = `slipway:${id}`;
  const body = {
    ...(dashboardUid !== undefined && { dashboardUID: dashboardUid }),
    ...(panelId !== undefined && { panelId }),
    time: Date.parse(at),
    tags: [...tags, 'release', facts.service, mark],
    text,
  };
  const { result } = await input.once('annotation', {
    async make() {
      return madeSchema.parse((await grafana.call({ method: 'POST', path: 'annotations', body })).json()).id;
    },
    async find() {
      const answer = await grafana.call({
        method: 'GET',
        path: `annotations?tags=${encodeURIComponent(mark)}&limit=1`,
      });
      return foundSchema.parse(answer.json())[0]?.id;
    },
  });
  return String(result);
};

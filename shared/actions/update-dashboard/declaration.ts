import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { followingRules, rulesAtSynth, type ParameterRule } from '../parameter-rules.ts';
import { templateSchema } from '../release-facts.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';
import { webUrlSchema } from '../web/web-url.ts';

const text = z._default(templateSchema, '{{service}} {{shortCommit}} {{outcome}}');
const tags = z._default(z.array(z.string().check(z.minLength(1), z.maxLength(100))).check(z.maxLength(20)), []);

const cloudWatchRules: readonly ParameterRule<{
  readonly dashboard?: string | undefined;
  readonly widget?: string | undefined;
  readonly metric?: unknown;
}>[] = [
  {
    of: undefined,
    reads: [],
    problem: ({ dashboard, metric }) =>
      dashboard === undefined && metric === undefined ? 'name a dashboard, a metric or both' : undefined,
  },
  {
    of: 'widget',
    reads: [],
    problem: ({ dashboard, widget }) =>
      dashboard === undefined && widget !== undefined ? 'is a graph of a dashboard; name the dashboard too' : undefined,
  },
];

const cloudWatch = z
  .strictObject({
    provider: z.literal('cloudwatch'),
    /** What is written at the mark. */
    text,
    /** The name of a dashboard whose graphs get a vertical line. */
    dashboard: z.optional(z.string().check(z.regex(/^[\w-]{1,255}$/, 'must be the name of a dashboard'))),
    /** Only the graph of this title; otherwise every graph of the dashboard. */
    widget: z.optional(z.string().check(z.minLength(1))),
    /** A value to add to a metric, with the dimension `Service`. */
    metric: z.optional(
      z.strictObject({
        namespace: z.string().check(z.regex(/^(?!AWS\/)[\w .#:/-]{1,255}$/, 'must be a namespace, not one of AWS')),
        name: z.string().check(z.minLength(1), z.maxLength(255)),
        value: z._default(z.number(), 1),
        unit: z._default(z.enum(['None', 'Count', 'Seconds']), 'Count'),
      }),
    ),
  })
  .check(followingRules(cloudWatchRules));

const grafana = z.strictObject({
  provider: z.literal('grafana'),
  /** The name of a secret in Secrets Manager that holds a service account's token. */
  secret: secretNameSchema,
  /** The site, e.g. `https://acme.grafana.net`. */
  url: webUrlSchema,
  text,
  tags,
  /** Without it the annotation belongs to the organization. */
  dashboardUid: z.optional(z.string().check(z.regex(/^[\w-]{1,40}$/, 'must be the uid of a dashboard'))),
  panelId: z.optional(z.int().check(z.minimum(1))),
});

const datadog = z.strictObject({
  provider: z.literal('datadog'),
  /** The name of a secret in Secrets Manager that holds an API key. */
  secret: secretNameSchema,
  /** The API of a site, e.g. `https://api.datadoghq.eu`. */
  url: z._default(webUrlSchema, 'https://api.datadoghq.com'),
  text,
  tags,
});

/** Shows a release where people look at graphs. */
export const updateDashboard = declareAction({
  id: 'update-dashboard',
  description: 'Marks the release in CloudWatch, Grafana or Datadog, once.',
  parameters: z.discriminatedUnion('provider', [cloudWatch, grafana, datadog]),
  outputs: ['annotation'],
  gateways: ['metrics', 'secrets'],
  permissionsFor: (parameters, where) => {
    if (parameters.provider !== 'cloudwatch') return [readSecretNamed(parameters.secret, where)];
    const { dashboard, metric } = parameters;
    const { partition, account } = where;
    return [
      ...(metric ? [{ actions: ['cloudwatch:PutMetricData'], resources: ['*'] }] : []),
      ...(dashboard === undefined
        ? []
        : [
            {
              actions: ['cloudwatch:GetDashboard', 'cloudwatch:PutDashboard'],
              resources: [`arn:${partition}:cloudwatch::${account}:dashboard/${dashboard}`],
            },
          ]),
    ];
  },
  problemsOf: (parameters, use) =>
    parameters.provider === 'cloudwatch' ? rulesAtSynth(cloudWatchRules)(parameters, use) : [],
  isIdempotent: true,
  timeoutSeconds: 60,
});

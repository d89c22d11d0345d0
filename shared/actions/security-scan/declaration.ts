import * as z from 'zod/mini';
import { declareAction, type SynthUse } from '../action.ts';
import { notAnInput } from '../named-artifacts.ts';
import { followingRules, rulesAtSynth, type ParameterRule } from '../parameter-rules.ts';
import { imageParametersSchema, imagePermissions } from './image/declaration.ts';

/** How bad a finding is, worst first. `unknown` is said by nobody: it counts as if it were the worst. */
export const severities = ['critical', 'high', 'medium', 'low', 'info', 'unknown'] as const;

/** One of `severities`. */
export type Severity = (typeof severities)[number];

/** What looks for findings. */
export const scanners = ['secrets', 'dependencies', 'image'] as const;

/** One of `scanners`. */
export type Scanner = (typeof scanners)[number];

/** From which severity on findings count; `never` only reports. */
const failOnLevels = ['critical', 'high', 'medium', 'low', 'info', 'never'] as const;

/** One of `failOnLevels`. */
export type FailOn = (typeof failOnLevels)[number];

/** A file or folder in an input artifact, the way CodePipeline names one: `Artifact::path`. */
const fileReferenceSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9_-]{1,100}::[^\\]*$/, 'must be ARTIFACT::PATH, e.g. Build::bom.json'));

/** Lets one finding pass for a while: somebody answers for it, and it counts again afterwards. */
export const allowEntrySchema = z.strictObject({
  /** The rule, or the advisory by any of its ids. */
  finding: z.string().check(z.minLength(1)),
  /** The package, file, folder or repository; without it the finding passes wherever it is. */
  in: z.optional(z.string().check(z.minLength(1))),
  /** Who answers for it. */
  owner: z.string().check(z.minLength(1)),
  /** The last day on which it holds, in UTC. */
  expires: z.iso.date(),
  reason: z.optional(z.string()),
});

/** One entry of an allow-list. */
export type AllowEntry = z.infer<typeof allowEntrySchema>;

const advisoriesSchema = z.union([
  /** The base URL of OSV's API, or of a copy of it. */
  z.strictObject({ api: z.url() }),
  /** A file or folder with advisories in OSV's published format. */
  z.strictObject({ database: fileReferenceSchema }),
]);

/** What an action may fail with (`FailureType`). */
const failureTypes = [
  ...(['JobFailed', 'ConfigurationError', 'PermissionError'] as const),
  ...(['RevisionOutOfSync', 'RevisionUnavailable', 'SystemUnavailable'] as const),
] as const;

/** What decides what else must be there. */
interface Asked {
  readonly scanners: readonly Scanner[];
  readonly source?: string | undefined;
  readonly sbom?: string | undefined;
  readonly image?: object | undefined;
}

const rules: readonly ParameterRule<Asked>[] = [
  {
    of: 'image',
    reads: ['scanners'],
    problem: ({ scanners, image }) =>
      scanners.includes('image') === (image !== undefined)
        ? undefined
        : 'must be there if, and only if, scanners has "image"',
  },
  {
    of: 'sbom',
    reads: ['scanners'],
    problem: ({ scanners, sbom }) =>
      sbom === undefined || scanners.includes('dependencies')
        ? undefined
        : 'is what the scanner "dependencies" reads; add it to scanners',
  },
];

/** Looks for secrets, vulnerable dependencies and the findings of a container image's scan. */
export const securityScan = declareAction({
  id: 'security-scan',
  description:
    'Looks for secrets, vulnerable dependencies and vulnerable images, and fails if there are more than allowed.',
  parameters: z
    .strictObject({
      /** What is looked at. */
      scanners: z._default(z.array(z.enum(scanners)).check(z.minLength(1)), ['secrets']),
      /** The least severity that counts; one that nobody knows counts in any case. `never` only reports. */
      failOn: z._default(z.enum(failOnLevels), 'high'),
      /** How many findings of that severity the action lets pass. */
      allowedFindings: z._default(z.int().check(z.minimum(0)), 0),
      /** Findings that pass for a while. */
      allow: z._default(z.array(allowEntrySchema), []),
      /** More of them, in a JSON file of an input artifact: `Source::security-allow.json`. */
      allowFile: z.optional(fileReferenceSchema),
      /** Files and folders left out: paths from the artifact's root, e.g. `test/fixtures/`. */
      exclude: z._default(z.array(z.string().check(z.minLength(1))), []),
      /** The input artifact with the source, if the action has more than one. */
      source: z.optional(z.string().check(z.minLength(1))),
      /** A CycloneDX file in JSON whose components are looked up instead of those of the lock files. */
      sbom: z.optional(fileReferenceSchema),
      /** Where advisories come from. */
      advisories: z._default(advisoriesSchema, { api: 'https://api.osv.dev' }),
      /** The image whose findings count, for the scanner `image`. */
      image: z.optional(imageParametersSchema),
      /** What becomes of the action if a scanner could not run; `warn` says so and goes on. */
      onScannerError: z._default(z.enum(['fail', 'warn']), 'fail'),
    })
    .check(followingRules(rules)),
  problemsOf: (parameters, use) => {
    const { source, sbom, allowFile, advisories } = parameters;
    return [
      ...rulesAtSynth(rules)(parameters, use),
      ...missingSource(parameters, use),
      ...notAnInput('source', source, use),
      ...notAnInput('sbom', sbom, use),
      ...notAnInput('allowFile', allowFile, use),
      ...('database' in advisories ? notAnInput('advisories.database', advisories.database, use) : []),
    ];
  },
  state: z.strictObject({
    digest: z.string(),
    startedAt: z.iso.datetime(),
    /** The scan has ended, or can't be waited for. */
    isReady: z.boolean(),
    /** Why there are no findings. */
    problem: z.optional(z.strictObject({ type: z.enum(failureTypes), message: z.string() })),
  }),
  outputs: [
    'findingCount',
    ...severities.map((severity) => `${severity}Count` as const),
    'allowedCount',
    'uncheckedCount',
    'scannedFileCount',
    'componentCount',
    'imageDigest',
  ],
  inputArtifacts: { min: 0, max: 5 },
  outputArtifacts: { min: 0, max: 1 },
  gateways: ['findings'],
  permissionsFor: ({ image }, where) => (image ? imagePermissions(image, where) : []),
  isIdempotent: true,
  mayWait: true,
  timeoutSeconds: 600,
  memoryMegabytes: 1024,
});

function missingSource({ scanners, source, sbom }: Asked, { inputs, isKnownLater }: SynthUse): readonly string[] {
  if (isKnownLater(scanners) || source !== undefined || inputs.length === 1) return [];
  const readers = scanners.filter((scanner) => scanner === 'secrets' || (scanner === 'dependencies' && !sbom));
  if (readers.length === 0) return [];
  return inputs.length === 0
    ? [`the scanner ${readers.join(' and ')} reads the source; set input to the artifact that holds it`]
    : [`the action has ${inputs.length} input artifacts; name the one with the source as source`];
}

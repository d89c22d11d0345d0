import * as z from 'zod/mini';
import { declareAction } from '../action.ts';
import { followingRules, rulesAtSynth, type ParameterRule } from '../parameter-rules.ts';

/** The region is a part of each ARN; Device Farm is in us-west-2 alone as yet. */
const arnOf = (what: string) =>
  z
    .string()
    .check(
      z.regex(
        new RegExp(`^arn:[a-z0-9-]+:devicefarm:[a-z0-9-]+:\\d*:${what}:[\\w/-]+$`),
        `must be the ARN of a ${what} of Device Farm`,
      ),
    );

/** From the artifact's root. */
const path = z.string().check(z.regex(/^[^/\\][^\\]{0,255}$/, 'must be a path from the root of the input artifact'));

/** Types of tests that Device Farm runs against an app. */
const testTypes = [
  ...['APPIUM_JAVA_JUNIT', 'APPIUM_JAVA_TESTNG', 'APPIUM_NODE', 'APPIUM_PYTHON', 'APPIUM_RUBY'],
  ...['BUILTIN_FUZZ', 'INSTRUMENTATION', 'XCTEST', 'XCTEST_UI'],
] as const;

/** Of these CreateUpload knows no test spec. */
const withoutSpec: readonly string[] = ['BUILTIN_FUZZ', 'XCTEST'];

interface TestFiles {
  readonly testType: string;
  readonly testPackage?: string | undefined;
  readonly testSpec?: string | undefined;
}

const rules: readonly ParameterRule<TestFiles>[] = [
  {
    of: 'testPackage',
    reads: ['testType'],
    problem: ({ testType, testPackage }) =>
      (testType === 'BUILTIN_FUZZ') === (testPackage === undefined)
        ? undefined
        : 'is needed by every testType but BUILTIN_FUZZ, which takes none',
  },
  {
    of: 'testSpec',
    reads: ['testType'],
    problem: ({ testType, testSpec }) =>
      testSpec === undefined || !withoutSpec.includes(testType)
        ? undefined
        : `is for every testType but ${withoutSpec.join(' and ')}, which have none; leave it out`,
  },
];

/** Tests an app on the devices of a pool of AWS Device Farm. */
export const mobileTest = declareAction({
  id: 'mobile-test',
  description: 'Tests an app on real phones and tablets in AWS Device Farm, and fails if the run does not pass.',
  parameters: z
    .strictObject({
      projectArn: arnOf('project'),
      devicePoolArn: arnOf('devicepool'),
      /** The app in the input artifact, an .apk or .ipa. */
      app: path.check(z.regex(/\.(apk|ipa)$/, 'must end with .apk or .ipa')),
      testType: z.enum(testTypes),
      /** The tests in the input artifact, a .zip or, for INSTRUMENTATION, an .apk; BUILTIN_FUZZ has none. */
      testPackage: z.optional(path),
      /** The test spec in the input artifact, for a custom test environment; BUILTIN_FUZZ and XCTEST have none. */
      testSpec: z.optional(path.check(z.regex(/\.ya?ml$/, 'must end with .yml'))),
      /** How long one device may test. Device Farm itself allows 150 minutes at the most. */
      deviceMinutes: z._default(z.int().check(z.minimum(5), z.maximum(150)), 60),
      /** The run is stopped and the action fails when it has not ended by then. Devices may have to be waited for. */
      timeoutMinutes: z._default(z.int().check(z.minimum(5), z.maximum(1430)), 180),
      /** Whether a run that ends with warnings fails. */
      failOnWarnings: z._default(z.boolean(), false),
    })
    .check(followingRules(rules)),
  problemsOf: rulesAtSynth(rules),
  state: z.strictObject({
    /** The run is found by it, whatever happened while it was scheduled. */
    name: z.string(),
    startedAt: z.iso.datetime(),
    appArn: z.string(),
    testPackageArn: z.optional(z.string()),
    testSpecArn: z.optional(z.string()),
    /** There once the run was scheduled. */
    runArn: z.optional(z.string()),
  }),
  outputs: ['runArn', 'url', 'result', 'totalCount', 'passedCount', 'failedCount', 'erroredCount', 'skippedCount'],
  inputArtifacts: { min: 1, max: 1 },
  gateways: ['devices'],
  permissionsFor: ({ projectArn, devicePoolArn }, { partition, partOf }) => {
    const [region, account, project] = [3, 4, 6].map((index) => partOf(projectArn, index));
    const ofProject = (what: string): string => `arn:${partition}:devicefarm:${region}:${account}:${what}:${project}/*`;
    return [
      { actions: ['devicefarm:CreateUpload', 'devicefarm:ListRuns'], resources: [projectArn] },
      { actions: ['devicefarm:GetUpload'], resources: [ofProject('upload')] },
      { actions: ['devicefarm:ScheduleRun'], resources: [projectArn, devicePoolArn, ofProject('upload')] },
      { actions: ['devicefarm:GetRun', 'devicefarm:StopRun'], resources: [ofProject('run')] },
    ];
  },
  // Files that are uploaded twice do no harm; the run is looked for by its name before it is scheduled.
  isIdempotent: true,
  mayWait: true,
  timeoutSeconds: 600,
  memoryMegabytes: 1769,
});

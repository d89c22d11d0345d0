import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { tellNotEvaluated } from './authorization/not-evaluated.ts';
import type { ClockMode } from './clock/clock.ts';
import { durationMs } from './clock/duration.ts';
import { controlRoute } from './control/control-route.ts';
import { readGivenEvent } from './control/given-event.ts';
import { LocalCloudError } from './errors.ts';
import type { CallRecord } from './gateway/gateway.ts';
import type { AwsCredentials, Principal } from './gateway/principal.ts';
import type { Gateway } from './gateway/service.ts';
import type { Json } from './json.ts';
import { lockFolder } from './lock.ts';
import { openCloud, type OpenedCloud } from './open-cloud.ts';
import { refuseUnknownProviders } from './services/codepipeline/providers/passed-over.ts';
import { openCodePipeline } from './services/codepipeline/service.ts';
import type { CodePipelineOptions } from './services/codepipeline/engine/engine.ts';
import { services } from './services/registry.ts';
import type { OpenService, ServiceEvent } from './services/service-module.ts';
import { isFullDisk } from './store/full-disk.ts';
import { readAssembly, type Assembly } from './template/assembly.ts';
import { applyAssembly } from './template/apply.ts';
import { findAssembly } from './template/find-assembly.ts';
import type { Outcome } from './template/outcome.ts';
import { printOutcomes } from './template/print.ts';
import { openRecords } from './template/records.ts';

/** What a local cloud is started with. */
export interface LocalCloudOptions {
  /** A `cdk.out`, or the folder of a CDK app that has one. Without it the cloud is empty until `apply`. */
  readonly app?: string;
  /** Where all its state lies (`.slipway`). One process at a time. */
  readonly folder: string;
  /** Forgets everything in the folder first, once it is ours. */
  readonly reset?: boolean;
  /** Without it the port of the last start in this folder, or a free one. */
  readonly port?: number;
  /** Real by default. */
  readonly clock?: ClockMode;
  /** Where the app does not name them: 123456789012 in us-east-1. */
  readonly account?: string;
  readonly region?: string;
  /** One line for the person at the laptop; standard output by default. */
  readonly report?: (line: string) => void;
  /** Told of every call when it has ended. */
  readonly onCall?: (call: CallRecord) => void;
  /** False lets every role and service do everything; true by default. */
  readonly isAuthorizing?: boolean;
  /** Local folders for source repositories, providers that are not run, and what a test wants shorter. */
  readonly codePipeline?: CodePipelineOptions;
  /** The services beside EventBridge; all of them by default. */
  readonly services?: readonly OpenService[];
}

/** A running local cloud. */
export interface LocalCloud {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly port: number;
  readonly account: string;
  readonly region: string;
  /** The keys of the person at the laptop. */
  readonly credentials: AwsCredentials;
  /** What an AWS client needs in its environment to reach this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** All services without HTTP, as the person at the laptop unless another principal is named. */
  call(service: string, operation: string, input: object, principal?: Principal): Promise<unknown>;
  readonly gateway: Gateway;
  /** The stacks that have been applied, by name. */
  stackNames(): readonly string[];
  /** The outputs of a stack. @throws LocalCloudError naming the stacks there are */
  outputs(stackName: string): Readonly<Record<string, Json>>;
  /** Virtual clock: moves time on by milliseconds or a text such as `24h` or `1h 30m`, running all that falls due. */
  advance(duration: number | string): Promise<void>;
  /** Resolves when nothing is due, running or held open. */
  settled(): Promise<void>;
  /**
   * Puts an event of an AWS service on the default bus: as AWS documents or sent it, or without what the bus adds.
   * @throws LocalCloudError naming the member that is wrong
   */
  deliver(event: ServiceEvent): void;
  /** Makes the cloud what another (or the same, synthesized again) `cdk.out` says. */
  apply(app: string): Promise<readonly Outcome[]>;
  /** Ends everything; what is in flight goes on at the next start in the folder. */
  stop(): Promise<void>;
}

/**
 * Starts a local cloud: takes the folder, opens the port and the services, applies the app, and lets time run.
 * @throws LocalCloudError for a locked or unwritable folder, a taken port, a newer store, an app that cannot run, or a provider
 *   to pass over that there is not
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const assembly = options.app === undefined ? undefined : readApp(options.app, options.codePipeline);
  const folder = resolve(options.folder);
  const lock = lockFolder(folder);
  if (options.reset) lock.clear();
  const since = new Date().toISOString();
  const token = randomBytes(24).toString('base64url');
  let cloud: OpenedCloud | undefined;
  try {
    lock.announce({ pid: process.pid, since });
    cloud = await openCloud({
      ...options,
      folder,
      account: options.account ?? assembly?.environment.account ?? '123456789012',
      region: options.region ?? assembly?.environment.region ?? 'us-east-1',
      clock: options.clock ?? { kind: 'real' },
      report: options.report ?? ((line) => console.log(line)),
      isAuthorizing: options.isAuthorizing ?? true,
      services: withOptions(options.services ?? services, options.codePipeline),
      routes: [controlRoute(token, (event) => cloud?.context.deliverEvent(event))],
    });
    lock.announce({ pid: process.pid, port: cloud.server.port, since, token });
    if (assembly) await applyTo(cloud, assembly);
    await cloud.start();
  } catch (error) {
    await cloud?.close();
    lock.release();
    if (!isFullDisk(error)) throw error;
    const text = `the local cloud cannot start in ${folder}: the disk is full; free some space and start it again`;
    throw new LocalCloudError(text, { cause: error });
  }
  return asLocalCloud(cloud, () => lock.release());
}

function readApp(app: string, { notRun = [] }: CodePipelineOptions = {}): Assembly {
  const assembly = readAssembly(findAssembly(app));
  refuseUnknownProviders(
    notRun,
    assembly.stacks.map(({ template }) => template),
  );
  return assembly;
}

function withOptions(opened: readonly OpenService[], codePipeline: CodePipelineOptions = {}): readonly OpenService[] {
  return opened.map((open) =>
    open === openCodePipeline ? (context) => openCodePipeline(context, codePipeline) : open,
  );
}

async function applyTo(cloud: OpenedCloud, assembly: Assembly): Promise<readonly Outcome[]> {
  const { context, types } = cloud;
  const { account, region, endpoint, store } = context;
  const outcomes = await applyAssembly(assembly, { store, types, account, region, endpoint, reader: context.gateway });
  for (const line of printOutcomes(outcomes)) context.report(line);
  if (cloud.isAuthorizing) {
    const records = openRecords(store);
    const resources = records.stackNames().flatMap((name) => records.resources(name));
    for (const line of tellNotEvaluated(resources)) context.report(line);
  }
  return outcomes;
}

function asLocalCloud(cloud: OpenedCloud, release: () => void): LocalCloud {
  const { context, server, user } = cloud;
  const { account, region, gateway, timers, clock, store } = context;
  const credentials = context.credentials.issue(user);
  let stopping: Promise<void> | undefined;
  return {
    endpoint: server.endpoint,
    port: server.port,
    account,
    region,
    credentials,
    environment: clientEnvironment(server.endpoint, region, credentials),
    gateway,
    call: (service, operation, input, principal = user) => gateway.handle({ service, operation, input }, principal),
    stackNames: () => openRecords(store).stackNames(),
    outputs(stackName) {
      const records = openRecords(store);
      const outputs = records.outputs(stackName);
      if (outputs) return outputs.values;
      throw new LocalCloudError(`there is no stack ${stackName}; there are: ${records.stackNames().join(', ')}`);
    },
    async advance(duration) {
      const ms = durationMs(duration);
      if (stopping) throw new LocalCloudError('the local cloud has been stopped; start it again to go on');
      if (clock.mode.kind !== 'virtual') throw new LocalCloudError('only a cloud with a virtual clock can be advanced');
      cloud.lookOutside();
      await timers.advanceTo(clock.nowMs() + ms);
    },
    settled: () => timers.settled(),
    deliver: (event) => context.deliverEvent(readGivenEvent(event)),
    apply: (app) => applyTo(cloud, readAssembly(findAssembly(app))),
    stop: () => (stopping ??= cloud.close().finally(release)),
  };
}

function clientEnvironment(endpoint: string, region: string, credentials: AwsCredentials): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    // The AWS CLI's version 1 and boto3 read this one.
    AWS_DEFAULT_REGION: region,
    // Else the AWS CLI and boto3 ask sync-127.0.0.1 for StartSyncExecution.
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
  };
}

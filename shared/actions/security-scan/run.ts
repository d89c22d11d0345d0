import { nowAt } from '../../clock.ts';
import { implementAction, type ActionInput, type ResultOf } from '../action.ts';
import type { ArtifactFiles } from '../artifacts.ts';
import { runAgain, startJob, stillRunning } from '../result.ts';
import { readAllowList } from './allow-list.ts';
import { attempt, conclude, problemOf } from './conclude.ts';
import { artifactReader, readReferenced } from './file-reference.ts';
import { securityScan, type AllowEntry, type Scanner } from './declaration.ts';
import type { Scanned } from './finding.ts';
import { lookAgain, lookAtImage, readImage, settled } from './image/scan-image.ts';
import { judge } from './judge.ts';

type Input = ActionInput<typeof securityScan>;
type ReadArtifact = (name?: string) => Promise<ArtifactFiles>;

export default implementAction(
  securityScan,
  async (input): Promise<ResultOf<typeof securityScan>> => {
    const { parameters, gateways, clock } = input;
    const state =
      input.state ??
      (parameters.image && (await lookAtImage(parameters.image, { gateway: gateways.findings, clock, problemOf })));
    if (!state || state.isReady) return scanAll(input, state);
    return startJob(state, {
      until: { checks: { firstSeconds: 10, backoffRate: 1.5, maxSeconds: 60 } },
      summary: 'the image is being scanned',
    });
  },
  {
    async check({ parameters: { image }, state, gateways, clock }) {
      if (!image) return runAgain({ ...state, isReady: true }, 'no image to wait for');
      const standing = await lookAgain(image, state, { gateway: gateways.findings, clock });
      if (standing.kind === 'waits') return stillRunning({ summary: standing.summary });
      const ended = standing.kind === 'broken' ? standing.problem.message : 'the image is scanned';
      return runAgain(settled(state, standing), ended);
    },
  },
);

/** Runs the scanners one after the other, and decides over everything that they found. */
async function scanAll(input: Input, image: Input['state']): Promise<ResultOf<typeof securityScan>> {
  const { parameters, artifacts, progress, clock } = input;
  const read = artifactReader(artifacts);
  const allow = await allowList(input, read);
  const scanned: Scanned[] = [];
  for (const scanner of parameters.scanners) {
    await progress(`scanning: ${scanner}`, (100 * scanned.length) / parameters.scanners.length);
    scanned.push(await attempt(scanner, input, () => scanWith(scanner, input, { read, image })));
  }
  const findings = scanned.flatMap((one) => one.findings);
  const judged = judge(findings, { failOn: parameters.failOn, allow, day: nowAt(clock).slice(0, 10) });
  return conclude({ judged, scanned, imageDigest: image?.digest }, input);
}

async function allowList({ parameters: { allow, allowFile } }: Input, read: ReadArtifact): Promise<AllowEntry[]> {
  if (allowFile === undefined) return allow;
  const { text, path } = await readReferenced(allowFile, read);
  return [...allow, ...readAllowList(text, path)];
}

/** A scanner is loaded when it is asked for: parsers and rules are most of what the action loads. */
async function scanWith(
  scanner: Scanner,
  input: Input,
  { read, image }: { readonly read: ReadArtifact; readonly image: Input['state'] },
): Promise<Scanned> {
  const { parameters, gateways, signal } = input;
  switch (scanner) {
    case 'secrets': {
      const { scanForSecrets } = await import('./secrets.ts');
      return scanForSecrets(await read(parameters.source), parameters.exclude, signal);
    }
    case 'dependencies': {
      const { scanForDependencies } = await import('./scan-source.ts');
      return scanForDependencies(input, read);
    }
    case 'image':
      return readImage(parameters.image, image, gateways.findings);
  }
}

import { bundleFunctions } from './bundle.ts';
import { exampleApp } from './example.ts';

await bundleFunctions();
exampleApp({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' }).synth();

import { App } from 'aws-cdk-lib';
import { CheckoutStack } from '../examples/checkout/checkout-stack.ts';
import { bundleFunctions } from './bundle.ts';
import { Slipway } from './slipway.ts';

await bundleFunctions();

const app = new App({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' });
const slipway = new Slipway(app, 'Slipway');
new CheckoutStack(app, 'Checkout', { slipway });
app.synth();

// A local cloud: `node bench/servers/cloud.ts FOLDER [CDK_OUT STACK]`. Prints its place as JSON when it serves.
import { startLocalCloud } from '../../local/public.ts';

const [folder = '', app, stack] = process.argv.slice(2);
const report = (line: string): void => console.error(line);
const cloud = await startLocalCloud({ folder, report, ...(app === undefined ? {} : { app }) });
const { endpoint, region, credentials } = cloud;
const outputs = stack === undefined ? {} : cloud.outputs(stack);
console.log(JSON.stringify({ endpoint, region, credentials, outputs }));

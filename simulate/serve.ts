// The process that is killed: `node simulate/serve.ts FOLDER CDK_OUT STACK`. Prints one line of JSON when it serves.
import { startLocalCloud } from '../local/public.ts';

const [folder = '', app = '', stack = ''] = process.argv.slice(2);
const report = (line: string): void => console.error(line);
const cloud = await startLocalCloud({ folder, app, report });
const { endpoint, region, credentials } = cloud;
console.log(JSON.stringify({ endpoint, region, credentials, outputs: cloud.outputs(stack) }));

import { writeFileSync } from 'node:fs';
import { pagePath, writtenPage } from './compatibility/write.ts';

// Writes docs/compatibility.md from the code and the declarations of the services.
writeFileSync(pagePath, await writtenPage());
console.log(`written: ${pagePath}`);

import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { compatibilities } from '../../local/compatibility.ts';
import { compatibilityPage } from './page.ts';
import { surveyCloud } from './survey.ts';

/** Where the page lies. */
export const pagePath = fileURLToPath(new URL('../../docs/compatibility.md', import.meta.url));

/** The page as it has to be, formatted as every file is. */
export async function writtenPage(): Promise<string> {
  const survey = await surveyCloud(compatibilities.map(({ id, apiName }) => apiName ?? id));
  const options = await prettier.resolveConfig(pagePath);
  return prettier.format(compatibilityPage(compatibilities, survey), { ...options, filepath: pagePath });
}

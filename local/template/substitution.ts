import { isJsonObject, type Json } from '../json.ts';
import type { Site } from './scope.ts';

/**
 * `Fn::Sub` in both forms. `${!name}` stays as `${name}`; names of the second form's map go before everything else.
 */
export function substitute(argument: Json, site: Site, lookUp: (name: string) => Json | undefined): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof text !== 'string') throw site.problem('Fn::Sub wants a text');
  if (!isJsonObject(variables)) throw site.problem('Fn::Sub wants a map as its second argument');
  return text.replaceAll(/\$\{(!?)([^}]*)\}/g, (_whole, escaped: string, name: string) => {
    if (escaped) return `\${${name}}`;
    const own = variables[name.trim()];
    const value = own === undefined ? lookUp(name.trim()) : site.resolve(own, `Fn::Sub.${name.trim()}`);
    if (value === undefined || typeof value === 'object') {
      throw site.problem(`Fn::Sub cannot put ${JSON.stringify(value)} for \${${name}} into a text`);
    }
    return String(value);
  });
}

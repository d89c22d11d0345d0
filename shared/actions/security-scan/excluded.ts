/** Whether a path is one of `exclude`, or lies in one of its folders. */
export function isExcluded(path: string, exclude: readonly string[]): boolean {
  return exclude.some((prefix) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
}

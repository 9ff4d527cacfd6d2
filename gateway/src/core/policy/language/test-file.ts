/** Files of expectations stand beside a policy, and are no part of it. */
export function isTestFile(file: string): boolean {
  return /\.test\.ya?ml$/.test(file);
}

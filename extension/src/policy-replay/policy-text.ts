const VERSION = /^version:[ \t]*1[ \t]*(#.*)?$/m;
const SECTION = /^(rules|tags|patterns|reviewedFunctions|delegations|record):/m;
const TESTS = /\.test\.ya?ml$/;
const YAML = /\.ya?ml$/;

/** Whether a text reads as a policy of Sluice: editors open YAML of everything. */
export function looksLikePolicy(text: string): boolean {
  return VERSION.test(text) && SECTION.test(text);
}

/** Whether gateways take a file for a part of a policy, by its name: expectations stand beside it. */
export function isPolicyFile(name: string): boolean {
  return YAML.test(name) && !TESTS.test(name);
}

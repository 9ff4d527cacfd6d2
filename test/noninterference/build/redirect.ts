import { registerHooks } from 'node:module';
import { HOLES } from './holes.ts';

/**
 * Builds the gateway that is tested: some modules are replaced by ones of this folder, for everybody but the
 * replacement itself, which imports the original. It is done as modules are loaded, in this thread, and only in a
 * process that imports this module: nothing of the product knows of it.
 */
const here = (name: string) => new URL(name, import.meta.url).href;
const replacements = new Map<string, string>([
  [here('../../../gateway/src/sql/postgres/masks/hmac.ts'), here('./token-twins.ts')],
]);

const hole = process.env.SLUICE_NONINTERFERENCE_HOLE ?? '';
const found = HOLES.find(({ name }) => name === hole);
if (hole !== '' && found === undefined) throw new Error(`There is no hole "${hole}".`);
for (const { replaces, by } of found?.modules ?? []) {
  replacements.set(here(`../../../gateway/src/${replaces}`), here(`./holes/${by}`));
}

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const replacement = replacements.get(resolved.url);
    if (replacement === undefined || context.parentURL === replacement) return resolved;
    return { ...resolved, url: replacement };
  },
});

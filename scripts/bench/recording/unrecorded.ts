import { registerHooks } from 'node:module';

/**
 * Imported before a gateway, it makes one that records nothing: what recording costs is the difference. The module that
 * keeps records is replaced as it is loaded; nothing of the product knows of it.
 */
const original = new URL('../../../gateway/src/adapters/store/record-log.ts', import.meta.url).href;
const replacement = new URL('./no-record-log.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    return resolved.url === original ? { ...resolved, url: replacement } : resolved;
  },
});

import manifest from '../../package.json' with { type: 'json' };

/** The product's version, from the one place where it is written. */
export const VERSION = manifest.version;

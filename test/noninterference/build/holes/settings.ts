export * from '../../../../gateway/src/sql/postgres/facts/allowed/settings.ts';

/** Every setting may be changed, those that choose plans as well. */
export const settingRefusal = (): string | null => null;
export const choosesPlan = (): boolean => false;

/** One thing that a check found. */
export type Finding = {
  /** `open`: a way to a masked value that the database leaves; `note`: worth knowing. */
  state: 'open' | 'note';
  about:
    | 'role'
    | 'column'
    | 'relation'
    | 'masking view'
    | 'function'
    | 'extension'
    | 'server'
    | 'large object'
    | 'rule';
  name: string;
  why: string;
};

export const open = (about: Finding['about'], name: string, why: string): Finding => ({
  state: 'open',
  about,
  name,
  why,
});
export const note = (about: Finding['about'], name: string, why: string): Finding => ({
  state: 'note',
  about,
  name,
  why,
});

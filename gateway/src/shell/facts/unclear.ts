/** Why a line is not wholly known: a sentence of what stands in it, and one of what to type instead. */
export type Unclear = { readonly message: string; readonly advice: string };

/**
 * How Node is started for a gateway. Its young objects are messages in passing: a small space for them keeps thousands
 * of waiting sessions small (48 MB for 2,000 instead of 141), and no statement is slower for it. Looked through often it
 * lets go of the buffers that streams leave behind it; with 8 MB these came to several whole collections a second. The
 * first line of `cli/sluice.ts` says the same to a shell.
 */
export const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'] as const;

/** Loaded into a gateway by crash.test.ts: SIGUSR2 breaks it in the way that BREAK names, while it holds HELD. */
const { HELD: held = '', BREAK: way = '' } = process.env;

const ways: Readonly<Record<string, () => void>> = {
  exception: () => {
    throw Object.assign(new Error(`a row: ${held}`, { cause: new Error(held) }), { row: { held } });
  },
  rejection: () => void Promise.reject({ held }),
  memory: () => {
    for (const all: object[] = []; ; )
      all.push({ held: held + all.length, more: new Array(1000).fill(held) });
  },
  abort: () => process.abort(),
  fault: () => void process.kill(process.pid, 'SIGSEGV'),
};

process.on('SIGUSR2', () => setImmediate(() => ways[way]?.()));

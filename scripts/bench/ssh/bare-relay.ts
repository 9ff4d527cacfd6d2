import { readFileSync } from 'node:fs';
import ssh2 from 'ssh2';

/**
 * The yardstick: what the SSH library does as a relay that looks at nothing. Prints its port.
 * Arguments: the key that is its own and the upstream's, the upstream's port, the account there.
 */
const [keyFile = '', upstreamPort = '', username = ''] = process.argv.slice(2);
const key = readFileSync(keyFile, 'utf8');

const server = new ssh2.Server({ hostKeys: [key] }, (client) => {
  const upstream = new ssh2.Client();
  client.on('error', () => upstream.end());
  client.on('close', () => upstream.end());
  client.on('authentication', (context) => {
    if (context.method === 'publickey') context.accept();
    else context.reject(['publickey']);
  });
  client.once('ready', () => {
    upstream.connect({ host: '127.0.0.1', port: Number(upstreamPort), username, privateKey: key });
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (accepted) => accepted?.());
      const relay = (channel: ssh2.ServerChannel, remote: ssh2.ClientChannel) => {
        channel.pipe(remote).pipe(channel, { end: false });
        remote.once('exit', (code: number | null) => channel.exit(code ?? 1));
        remote.once('close', () => channel.end());
      };
      session.on('exec', (accepted, _refused, { command }) => {
        const channel = accepted();
        whenReady(() => upstream.exec(command, (error, remote) => error ?? relay(channel, remote)));
      });
      session.on('shell', (accepted) => {
        const channel = accepted();
        whenReady(() => upstream.shell((error, remote) => error ?? relay(channel, remote)));
      });
    });
  });
  const ready = new Promise<void>((resolve) =>
    upstream.once('ready', () => {
      upstream.setNoDelay(true);
      resolve();
    }),
  );
  const whenReady = (then: () => void) => void ready.then(then);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object' && 'port' in address) console.log(address.port);
});

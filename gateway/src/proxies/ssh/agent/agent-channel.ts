import type { Connection, ServerChannel } from 'ssh2';

const WINDOW_BYTES = 2 * 1024 * 1024;
const PACKET_BYTES = 32 * 1024;

/**
 * Asks a client for its agent: opens a channel `auth-agent@openssh.com` to it (PROTOCOL.agent of OpenSSH). Null where it
 * has none to give. `ssh2` can send that and has no public call for it, so that this knows two of its own parts; where
 * they are not as they were, there is no agent.
 */
export function openAgentChannel(client: Connection): Promise<ServerChannel | null> {
  const channels: unknown = Reflect.get(client, '_chanMgr');
  const protocol: unknown = Reflect.get(client, '_protocol');
  if (!hasChannels(channels) || !opensAgents(protocol)) return Promise.resolve(null);
  return new Promise((resolve) => {
    const opened: Opened = Object.assign(
      (error: Error | undefined, channel: ServerChannel) => resolve(error === undefined ? channel : null),
      { type: 'auth-agent@openssh.com' },
    );
    const id = channels.add(opened);
    if (id === -1) resolve(null);
    else protocol.openssh_authAgent(id, WINDOW_BYTES, PACKET_BYTES);
  });
}

type Opened = ((error: Error | undefined, channel: ServerChannel) => void) & { type: string };
type Channels = { add: (opened: Opened) => number };
type Protocol = { openssh_authAgent: (id: number, windowBytes: number, packetBytes: number) => void };

function hasChannels(value: unknown): value is Channels {
  return typeof value === 'object' && value !== null && 'add' in value && typeof value.add === 'function';
}

function opensAgents(value: unknown): value is Protocol {
  return (
    typeof value === 'object' &&
    value !== null &&
    'openssh_authAgent' in value &&
    typeof value.openssh_authAgent === 'function'
  );
}

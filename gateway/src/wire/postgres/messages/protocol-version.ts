/** Version of the protocol; on the wire one int32, the major number in its upper half. */
export type ProtocolVersion = { major: number; minor: number };

export function protocolVersion(wire: number): ProtocolVersion {
  return { major: (wire >>> 16) & 0xffff, minor: wire & 0xffff };
}

export function protocolVersionNumber(version: ProtocolVersion): number {
  return version.major * 0x10000 + version.minor;
}

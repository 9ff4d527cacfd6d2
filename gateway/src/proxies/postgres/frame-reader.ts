import { FrameScanner, type FrameScannerOptions, type Piece } from '../../wire/postgres/frame-scanner.ts';
import type { ByteChannel } from './byte-channel.ts';

/** Pulls pieces of frames off a channel. After each `next` the piece's fields are in `scanner`. */
export class FrameReader {
  readonly channel: ByteChannel;
  readonly scanner: FrameScanner;

  constructor(channel: ByteChannel, options: FrameScannerOptions) {
    this.channel = channel;
    this.scanner = new FrameScanner(options);
  }

  /**
   * The next piece; null at the end of the stream.
   * @throws SluiceError `wire.protocolViolation`, `wire.frameTooLarge`
   */
  async next(): Promise<Exclude<Piece, 'none'> | null> {
    for (;;) {
      const piece = this.scanner.next();
      if (piece !== 'none') return piece;
      const chunk = await this.channel.read();
      if (chunk === null) return null;
      this.scanner.push(chunk);
    }
  }
}

import type { SessionId } from '../../../contract/ids.ts';
import type { Surface } from '../../../contract/surface.ts';
import type { Target } from '../../../contract/target.ts';
import type { PrincipalHandle } from '../access/principals.ts';

/** One open connection of one principal to one target. */
export type Session = {
  id: SessionId;
  surface: Surface;
  principal: PrincipalHandle;
  target: Target;
  /** The client's address, or "editor". */
  network: string;
};

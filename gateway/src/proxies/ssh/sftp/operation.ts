/**
 * One request of SFTP that names files, as it goes to the host once it was granted: paths are absolute, and where the
 * request follows links they are where the links lead. draft-ietf-secsh-filexfer-02.
 */
export type FileOperation =
  | { name: 'open'; path: string; reads: boolean; writes: boolean }
  | { name: FollowingOne | LinkOne; path: string }
  | { name: 'rename' | 'posixRename'; from: string; to: string }
  /** `target` is what the link holds, as it was sent. */
  | { name: 'symlink'; path: string; target: string }
  /** Of a file that is open. */
  | { name: 'fsetstat'; path: string };

/** These are about what a link leads to. */
export type FollowingOne = 'opendir' | 'stat' | 'setstat' | 'statvfs' | 'realpath';
/** These are about the link itself. */
export type LinkOne = 'lstat' | 'readlink' | 'remove' | 'mkdir' | 'rmdir' | 'lsetstat';

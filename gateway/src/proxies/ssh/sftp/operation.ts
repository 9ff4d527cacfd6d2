/**
 * One request of SFTP that names files, whole, as it goes to the host once it was granted: paths are absolute, and
 * where the request follows links they are where the links lead. Attributes are those that were sent, in hexadecimal.
 * draft-ietf-secsh-filexfer-02 section 6.
 */
export type FileOperation =
  | { name: 'open'; path: string; flags: number; attributes: string }
  /** These follow links. */
  | { name: 'opendir' | 'stat' | 'statvfs' | 'realpath'; path: string }
  | { name: 'lstat' | 'readlink' | 'remove' | 'rmdir'; path: string }
  /** The last is of a file that is open. */
  | { name: 'setstat' | 'lsetstat' | 'mkdir' | 'fsetstat'; path: string; attributes: string }
  | { name: 'rename' | 'posixRename'; from: string; to: string }
  /** `target` is what the link holds, as it was sent. */
  | { name: 'symlink'; path: string; target: string };

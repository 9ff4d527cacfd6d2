import { findProgram } from '../setup/system-packages.ts';
import { startCodeServer } from './code-server.ts';
import { openDesktopEditor } from './desktop-editor.ts';

export type EditorOptions = {
  vsix: string;
  workspace: string;
  /** Settings, extensions and state of this editor, apart from the person's own. */
  stateDir: string;
  /** Of the editor in the browser. */
  port: number;
  settings: Readonly<Record<string, unknown>>;
  say: (line: string) => void;
  log: (line: string) => void;
};

export type OpenEditor = {
  name: string;
  /** What to open, in words. */
  address: string;
  exited: Promise<string>;
  stop(): Promise<void>;
};

/** Opens VS Code, VSCodium or Cursor when there is one and a screen to show it on, else VS Code in the browser. */
export async function openEditor(options: EditorOptions): Promise<OpenEditor> {
  const program = hasScreen() ? (['code', 'codium', 'cursor'].map(findProgram).find(Boolean) ?? null) : null;
  if (program) {
    options.say(`Opening ${program} with a profile of its own …`);
    return openDesktopEditor(program, options);
  }
  options.say('Starting VS Code in the browser …');
  const server = await startCodeServer({
    port: options.port,
    stateDir: options.stateDir,
    vsix: [options.vsix],
    settings: options.settings,
    log: options.log,
    say: options.say,
  });
  return { ...server, address: `Open ${server.address(options.workspace)}` };
}

function hasScreen(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

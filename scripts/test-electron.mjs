import { launch } from './setup/launch.mjs';

launch('scripts/test-electron/main.ts');

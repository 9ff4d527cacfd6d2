import { launch } from './setup/launch.mjs';

launch('scripts/start/main.ts');

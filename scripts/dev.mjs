import { launch } from './setup/launch.mjs';

launch('scripts/dev/main.ts');

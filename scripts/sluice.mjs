import { launch } from './setup/launch.mjs';

launch('gateway/src/main.ts');

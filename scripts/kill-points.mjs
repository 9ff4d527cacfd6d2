import { launch } from './setup/launch.mjs';

launch('scripts/kill-points.ts');

import { launch } from './setup/launch.mjs';

launch('esbuild.mjs');

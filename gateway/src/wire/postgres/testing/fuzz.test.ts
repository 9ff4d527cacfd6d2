import { it } from 'node:test';
import { fuzz } from './fuzz.ts';

it('holds its laws on damaged input', () => fuzz(20_260, 1000));

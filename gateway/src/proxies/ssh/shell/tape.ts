export { NO_TAPE, type Tape } from '../../../core/recording/tape.ts';

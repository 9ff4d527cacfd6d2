import { SluiceError } from '../../../gateway/contract/error.ts';
import { CONTRACT_VERSION, type Hello } from '../../../gateway/contract/hello.ts';

/** @throws SluiceError `contract.mismatch`, saying which side is the older one. */
export function checkContract(hello: Hello): void {
  if (hello.contract === CONTRACT_VERSION) return;
  const older = hello.contract < CONTRACT_VERSION ? 'gateway' : 'extension';
  throw new SluiceError(
    'contract.mismatch',
    `The gateway (${hello.version}) speaks contract ${hello.contract}, this extension ${CONTRACT_VERSION}.`,
    `Update the ${older}.`,
  );
}

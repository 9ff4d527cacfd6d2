import { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { Documents } from '../documents/documents.ts';
import type { RequestStore } from './approvals.ts';

const COLLECTION = 'approval-requests';
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

/** Requests as documents, one each. What can't be read any more is no request: nothing ever runs on it. */
export function requestDocuments(documents: Documents): RequestStore {
  return {
    async put(request) {
      const until = new Date(Date.parse(request.at) + KEPT_MS);
      await documents.putText(COLLECTION, request.id, JSON.stringify(request), until);
    },
    async all() {
      const kept = await documents.list(COLLECTION);
      return kept.flatMap(({ value }) => {
        const read = ApprovalRequest.safeParse(value);
        return read.success ? [read.data] : [];
      });
    },
  };
}

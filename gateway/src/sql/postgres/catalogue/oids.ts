/** FirstNormalObjectId (access/transam.h): OIDs below are the server's own. */
export const FIRST_USER_OID = 16384;

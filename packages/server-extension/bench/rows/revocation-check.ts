import type { Claims } from '../../src/index.ts';
import { createRevocations, createSigner, createVerifier } from '../../src/index.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import { nanoseconds, toFigure } from '../line.ts';
import { measureFunctions } from '../measure-functions.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';

const ENTRIES = 100_000;
const secret = 'only for this comparison 0123456789abcdef';

/** Is this token withdrawn? Asked of an index that holds many entries, of every kind. */
export const revocationCheck: Row = async (effort) => {
  const index = toRevocationIndex(createRevocations());
  for (let i = 0; i < ENTRIES; i += 1) await index.revoke(toTarget(i));
  const good = await verifyOne('somebody else');
  const withdrawn = await verifyOne('user-4');
  await index.revoke({ subject: 'user-4' });
  const times = await measureFunctions(
    {
      inputs: () => () => 'team/minutes of a meeting',
      contenders: {
        good: (name) => index.refusalFor(good, name),
        withdrawn: (name) => index.refusalFor(withdrawn, name),
      },
    },
    effort,
  );
  await index.close();
  const what = `revocation check, ${ENTRIES.toLocaleString('en')} entries`;
  return [
    toFigure(`${what}, not withdrawn`, times.good ?? [], nanoseconds, 200),
    toFigure(`${what}, withdrawn`, times.withdrawn ?? [], nanoseconds, 200),
  ];
};

function toTarget(i: number) {
  if (i % 4 === 0) return { subject: `user-${i}` };
  if (i % 4 === 1) return { session: `session of user-${i}` };
  if (i % 4 === 2) return { tokenId: `token-${i}` };
  return { subject: `user-${i}`, document: `team/${i % 100}/*` };
}

function verifyOne(subject: string): Promise<Claims> {
  return createVerifier({ secret })(createSigner({ secret })(sampleGrant(subject)).token);
}

/** Whom or what a revocation concerns. At least one is given; all that are given must match. */
export interface RevocationTarget {
  /** Claim `sub`. */
  subject?: string | undefined;
  /** Claim `sid`: one login of a person. */
  session?: string | undefined;
  /** Claim `jti`: one token. */
  tokenId?: string | undefined;
  /** A document name, or a pattern such as `team/*`. */
  document?: string | undefined;
}

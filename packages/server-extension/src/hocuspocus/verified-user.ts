import type { Claims } from '../core/claims.ts';

/** Who somebody is, as the token says. */
export interface VerifiedUser {
  id?: string | undefined;
  name?: string | undefined;
  picture?: string | undefined;
}

/** A CSS colour: hex, a name, or one of the colour functions. Nothing that could close a `style` attribute. */
const COLOR = /^(?:#[0-9a-f]{3,8}|[a-z]{1,32}|(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([\w\s.,%/+-]{1,64}\))$/i;

export function toVerifiedUser({ subject, name, picture }: Claims): VerifiedUser {
  return {
    ...(subject !== undefined && { id: subject }),
    ...(name !== undefined && { name }),
    ...(picture !== undefined && { picture }),
  };
}

/** The `user` field that others see: the verified one, with the colours that the client chose. */
export function toPresenceUser(verified: object, chosen: unknown): Record<string, unknown> {
  return { ...chosenColors(chosen), ...verified };
}

function chosenColors(chosen: unknown): Record<string, string> {
  const colors: Record<string, string> = {};
  if (typeof chosen !== 'object' || chosen === null) return colors;
  for (const [key, value] of Object.entries(chosen)) {
    const isColor = key === 'color' || key === 'colorLight';
    if (isColor && typeof value === 'string' && COLOR.test(value)) colors[key] = value;
  }
  return colors;
}

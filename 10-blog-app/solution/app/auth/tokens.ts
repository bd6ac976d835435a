import { errors as joseErrors, jwtVerify, SignJWT } from 'jose'
import { HttpError } from '../errors.ts'

/** Makes and reads the tokens by which a client says who it is. */
export interface Tokens {
  sign(user: { readonly id: number }): Promise<string>
  /**
   * The id of the user that a token was made for.
   *
   * @throws {HttpError} 401 when it is forged, expired, or no token of ours
   */
  read(token: string): Promise<number>
}

const algorithm = 'HS256'
const issuer = 'blog'
const shortestSecret = 32

/**
 * Tokens signed with a secret: whoever changes a letter of one does not know the secret, and is found out.
 *
 * @param lifetime how long they are good, as `7d`
 *
 * @throws {WeakSecretError} when the secret is short enough to be guessed
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function createTokens(secret: string, lifetime = '7d'): Tokens {
  if (secret.length < shortestSecret) throw new WeakSecretError(secret.length)
  const key = new TextEncoder().encode(secret)
  return {
    sign: ({ id }) =>
      new SignJWT()
        .setProtectedHeader({ alg: algorithm })
        .setSubject(String(id))
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),
    read: async (token) => {
      // The algorithm is ours to say, never the token's: "none" would be an algorithm too.
      const rules = { algorithms: [algorithm], issuer, requiredClaims: ['exp', 'sub'] }
      const { payload } = await jwtVerify(token, key, rules).catch(refuse)
      const id = Number(payload.sub)
      return Number.isSafeInteger(id) ? id : refuse(payload)
    },
  }
}

function refuse(error: unknown): never {
  const isOver = error instanceof joseErrors.JWTExpired
  throw new HttpError(401, { body: [isOver ? 'the token has expired' : 'the token is not valid'] })
}

/** Whoever holds a token can try secrets on it, on a machine of their own, as fast as it goes. */
export class WeakSecretError extends Error {
  override readonly name = 'WeakSecretError'

  constructor(length: number) {
    super(
      `The secret that signs the tokens has ${length} characters, and needs ${shortestSecret} at least. ` +
        'This usually happens when JWT_SECRET was set to a word. ' +
        `Take random bytes: JWT_SECRET=$(node -p "crypto.randomBytes(32).toString('hex')")`,
    )
  }
}

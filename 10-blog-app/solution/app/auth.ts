import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose'
import type { AsyncSession } from '../session/session.ts'
import { HttpError } from './errors.ts'
import { User } from './models.ts'

// Passwords

/** How much work one guess costs: about 16 MB of memory and 50 ms. */
const cost = { N: 2 ** 14, r: 8, p: 1 }

/**
 * What is stored in place of a password. It holds its own cost and salt, so that the cost may grow one day.
 *
 * @example
 * await hashPassword('secret') // 'scrypt$16384$8$1$4fVb…$kq0x…'
 *
 * @see https://www.rfc-editor.org/rfc/rfc7914
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key].join('$')
}

/** Whether a password is the one that was hashed. It takes as long for a near miss as for a far one. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = stored.split('$')
  const options = { N: Number(N), r: Number(r), p: Number(p) }
  const derived = await derive(password, Buffer.from(salt, 'base64url'), options)
  return derived.length === key.length && timingSafeEqual(Buffer.from(derived), Buffer.from(key))
}

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key.toString('base64url')),
    )
  })
}

/** Stands in for the password of nobody, so that an unknown address takes as long as a wrong password. */
const nobody = hashPassword(randomBytes(16).toString('hex'))

/** @throws {HttpError} 401, without saying which of the two was wrong */
export async function logIn(
  session: AsyncSession,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<User> {
  const user = await session
    .query(User)
    .where((u) => u.email.eq(email))
    .first()
  const isRight = await isPassword(password, user?.password ?? (await nobody))
  if (!user || !isRight) throw new HttpError(401, { body: ['email or password is wrong'] })
  return user
}

// Tokens

/** Makes and reads the tokens by which a client says who it is. */
export interface Tokens {
  sign(user: User): Promise<string>
  /**
   * The id of the user that a token was made for.
   *
   * @throws {HttpError} 401 when it is forged, expired, or no token of ours
   */
  read(token: string): Promise<number>
}

const algorithm = 'HS256'
const issuer = 'blog'

/**
 * Tokens signed with a secret: whoever changes a letter of one does not know the secret, and is found out.
 *
 * @param lifetime how long they are good, as `7d`
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function createTokens(secret: string, lifetime = '7d'): Tokens {
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
      return Number(payload.sub)
    },
  }
}

function refuse(error: unknown): never {
  const isOver = error instanceof joseErrors.JWTExpired
  throw new HttpError(401, { body: [isOver ? 'the token has expired' : 'the token is not valid'] })
}

/**
 * Who asks, by `Authorization: Token …`; undefined when the request does not say.
 *
 * @throws {HttpError} 401 when the token is no good, or its user is gone
 */
export async function viewerOf(
  session: AsyncSession,
  tokens: Tokens,
  header: string | undefined,
): Promise<User | undefined> {
  if (!header) return undefined
  const token = header.match(/^(?:Token|Bearer) +(\S+)$/i)?.[1]
  if (!token) throw new HttpError(401, { body: ['say Authorization: Token …'] })
  const user = await session.find(User, await tokens.read(token))
  if (!user) throw new HttpError(401, { body: ['the user of this token is gone'] })
  return user
}

/** @throws {HttpError} 401 when nobody is logged in */
export async function needViewer(
  session: AsyncSession,
  tokens: Tokens,
  header: string | undefined,
): Promise<User> {
  const viewer = await viewerOf(session, tokens, header)
  if (!viewer) throw new HttpError(401, { body: ['log in first: say Authorization: Token …'] })
  return viewer
}

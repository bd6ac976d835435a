import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** How passwords are stored and compared. */
export interface Passwords {
  /** What is stored in place of a password. */
  hash(password: string): Promise<string>
  /**
   * Whether a password is the one that was hashed. Without a hash, which is how an unknown user looks, the answer is no, and
   * takes as long: nobody learns by the clock who has an account.
   */
  matches(password: string, stored: string | undefined): Promise<boolean>
}

/** How much work one guess is. The memory that scrypt takes is 128 · N · r bytes. */
export interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 16 MB, five times over, which is about a fifth of a second: the least that OWASP asks for. */
const usualCost: Cost = { N: 2 ** 14, r: 8, p: 5 }

/**
 * Passwords hashed with scrypt, which costs the attacker memory as well as time. The hash holds its own cost and salt, so
 * that the cost may grow one day.
 *
 * @example
 * await createPasswords().hash('correct horse') // 'scrypt$16384$8$5$4fVb…$kq0x…'
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
export function createPasswords(cost: Cost = usualCost): Passwords {
  const hash = (password: string) => hashWith(password, randomBytes(16), cost)
  let nobody: Promise<string> | undefined
  return {
    hash,
    matches: async (password, stored) => {
      nobody ??= hash(randomBytes(16).toString('hex'))
      const isSame = await isPassword(password, stored ?? (await nobody))
      return isSame && stored !== undefined
    },
  }
}

async function hashWith(password: string, salt: Buffer, { N, r, p }: Cost): Promise<string> {
  const key = await derive(password, salt, { N, r, p })
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** It takes as long for a near miss as for a far one. */
async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = stored.split('$')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const expected = Buffer.from(key, 'base64url')
  const derived = await derive(password, Buffer.from(salt, 'base64url'), cost)
  return derived.length === expected.length && timingSafeEqual(derived, expected)
}

/** Two ways to type one letter, as é and e with an accent, are one password. */
function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

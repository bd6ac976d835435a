import type { AsyncSession } from '../session/session.ts'
import type { Passwords } from './auth/passwords.ts'
import { HttpError, notFound } from './errors.ts'
import { User } from './models.ts'

/** The user with a name. @throws {HttpError} 404 when nobody has it */
export async function needUser(session: AsyncSession, username: string): Promise<User> {
  const user = await session
    .query(User)
    .where((u) => u.username.eq(username))
    .first()
  if (!user) throw notFound('user')
  return user
}

/** The user with an address and a password. @throws {HttpError} 401, without saying which of the two was wrong */
export async function logIn(
  session: AsyncSession,
  passwords: Passwords,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<User> {
  const user = await session
    .query(User)
    .where((u) => u.email.eq(email))
    .first()
  const isRight = await passwords.matches(password, user?.password)
  if (!user || !isRight) throw new HttpError(401, { body: ['email or password is wrong'] })
  return user
}

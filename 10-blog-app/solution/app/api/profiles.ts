import { deleteFrom } from '../../query/delete.ts'
import { execute } from '../../query/execute.ts'
import { insertInto } from '../../query/insert.ts'
import { currentSession } from '../../session/context.ts'
import type { AsyncSession } from '../../session/session.ts'
import { HttpError, notFound } from '../errors.ts'
import { Follow, User } from '../models.ts'
import { NamedUser, ProfileAnswer } from '../schemas.ts'
import { profileJson } from '../serializers.ts'
import { followedAmong } from '../viewing.ts'
import { closed, createRoute, createRoutes, failures, json } from './routes.ts'

const tags = ['Profile']
const request = { params: NamedUser }
const responses = { 200: json('The profile', ProfileAnswer), ...failures }

const show = createRoute({
  method: 'get',
  path: '/profiles/{username}',
  tags,
  summary: 'A user as everybody sees them',
  request,
  responses,
})
const follow = createRoute({
  method: 'post',
  path: '/profiles/{username}/follow',
  tags,
  ...closed,
  summary: 'Follow a user',
  request,
  responses,
})
const unfollow = createRoute({
  method: 'delete',
  path: '/profiles/{username}/follow',
  tags,
  ...closed,
  summary: 'Follow a user no longer',
  request,
  responses,
})

/** Profiles, and who follows whom. To follow twice is to follow. */
export function profilesApi() {
  return createRoutes()
    .openapi(show, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const user = await needUser(session, c.req.valid('param').username)
      return c.json({ profile: await profileFor(session, user, viewer) }, 200)
    })
    .openapi(follow, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const user = await needUser(session, c.req.valid('param').username)
      if (user === viewer) throw new HttpError(422, { body: ['nobody follows themselves'] })
      const pair = insertInto(Follow).values({ followerId: viewer.id, followedId: user.id })
      await session.transaction(() => execute(session.connection, pair.onConflict().doNothing()))
      return c.json({ profile: await profileFor(session, user, viewer) }, 200)
    })
    .openapi(unfollow, async (c) => {
      const session = currentSession()
      const { viewer } = c.var
      const user = await needUser(session, c.req.valid('param').username)
      const pair = deleteFrom(Follow).where((f) =>
        f.followerId.eq(viewer.id).and(f.followedId.eq(user.id)),
      )
      await session.transaction(() => execute(session.connection, pair))
      return c.json({ profile: await profileFor(session, user, viewer) }, 200)
    })
}

async function needUser(session: AsyncSession, username: string): Promise<User> {
  const user = await session
    .query(User)
    .where((u) => u.username.eq(username))
    .first()
  if (!user) throw notFound('user')
  return user
}

const profileFor = async (session: AsyncSession, user: User, viewer: User | undefined) =>
  profileJson(user, { following: await followedAmong(session, [user.id], viewer) })

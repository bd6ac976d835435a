import { deleteFrom } from '../../query/delete.ts'
import { insertInto } from '../../query/insert.ts'
import { currentSession } from '../../session/context.ts'
import { HttpError } from '../errors.ts'
import { Follow, type User } from '../models.ts'
import { NamedUser, ProfileAnswer } from '../schemas.ts'
import { profileJson } from '../serializers.ts'
import { needUser } from '../users.ts'
import { followedAmong } from '../viewing.ts'
import { closed, createRoute, createRoutes, failures, json, open } from './routes.ts'
import { write } from './write.ts'

const tags = ['Profile']
const request = { params: NamedUser }
const responses = { 200: json('The profile', ProfileAnswer), ...failures }

const show = createRoute({
  method: 'get',
  path: '/profiles/{username}',
  tags,
  ...open,
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
export const profilesApi = () =>
  createRoutes()
    .openapi(show, async (c) => {
      const user = await needUser(currentSession(), c.req.valid('param').username)
      return c.json(await oneJson(user, c.var.viewer), 200)
    })
    .openapi(follow, async (c) => {
      const { viewer } = c.var
      const user = await needUser(currentSession(), c.req.valid('param').username)
      if (user === viewer) throw new HttpError(422, { body: ['nobody follows themselves'] })
      const pair = { followerId: viewer.id, followedId: user.id }
      await write(insertInto(Follow).values(pair).onConflict().doNothing())
      return c.json(await oneJson(user, viewer), 200)
    })
    .openapi(unfollow, async (c) => {
      const { viewer } = c.var
      const user = await needUser(currentSession(), c.req.valid('param').username)
      const follows = deleteFrom(Follow).where((f) => f.followerId.eq(viewer.id))
      await write(follows.where((f) => f.followedId.eq(user.id)))
      return c.json(await oneJson(user, viewer), 200)
    })

const oneJson = async (user: User, viewer: User | undefined) => ({
  profile: profileJson(user, {
    following: await followedAmong(currentSession(), [user.id], viewer),
  }),
})

import { currentSession } from '../../session/context.ts'
import { User } from '../models.ts'
import { ChangedUser, Login, NewUser, UserAnswer } from '../schemas.ts'
import { userJson } from '../serializers.ts'
import { logIn } from '../users.ts'
import {
  closed,
  createRoute,
  createRoutes,
  failures,
  json,
  jsonBody,
  type Parts,
} from './routes.ts'

const tags = ['User and Authentication']
const user = json('The user, with a token', UserAnswer)

const register = createRoute({
  method: 'post',
  path: '/users',
  tags,
  summary: 'Register',
  request: { body: jsonBody(NewUser) },
  responses: { 201: user, ...failures },
})
const login = createRoute({
  method: 'post',
  path: '/users/login',
  tags,
  summary: 'Log in',
  request: { body: jsonBody(Login) },
  responses: { 200: user, ...failures },
})
const current = createRoute({
  method: 'get',
  path: '/user',
  tags,
  ...closed,
  summary: 'Who am I',
  responses: { 200: user, ...failures },
})
const change = createRoute({
  method: 'put',
  path: '/user',
  tags,
  ...closed,
  summary: 'Change myself',
  request: { body: jsonBody(ChangedUser) },
  responses: { 200: user, ...failures },
})

/** Register, log in, and the user who is logged in. */
export function usersApi({ tokens, passwords }: Parts) {
  const answer = async (user: User) => ({ user: userJson(user, await tokens.sign(user)) })
  return createRoutes()
    .openapi(register, async (c) => {
      const { password, ...values } = c.req.valid('json').user
      const user = new User({ ...values, password: await passwords.hash(password) })
      currentSession().add(user)
      await currentSession().flush()
      return c.json(await answer(user), 201)
    })
    .openapi(login, async (c) => {
      const user = await logIn(currentSession(), passwords, c.req.valid('json').user)
      return c.json(await answer(user), 200)
    })
    .openapi(current, async (c) => c.json(await answer(c.var.viewer), 200))
    .openapi(change, async (c) => {
      const { viewer } = c.var
      const { password, ...values } = c.req.valid('json').user
      Object.assign(viewer, values)
      if (password !== undefined) viewer.password = await passwords.hash(password)
      await currentSession().flush()
      return c.json(await answer(viewer), 200)
    })
}

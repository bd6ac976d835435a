import { DataTypes, type Model, type ModelStatic, Op, Sequelize, type Transaction } from 'sequelize'
import type { Entity, Inner, Subject } from '../../workbook/conformance/subject.ts'
import * as sqlite3 from '../contenders/sqlite3-face.ts'
import { both, type Peer } from './peer.ts'
import { byKey } from './rows.ts'

/** Objects that save themselves. On SQLite it is given better-sqlite3 with the face of node-sqlite3, so that all use one driver. */
export const peer: Peer = {
  packages: ['sequelize'],
  databases: both,
  open: async ({ database, address }) =>
    subjectOn(
      database === 'sqlite'
        ? new Sequelize({
            dialect: 'sqlite',
            storage: address,
            dialectModule,
            logging: false,
          })
        : new Sequelize(address, { logging: false }),
    ),
}

/** As node-sqlite3 does: true is 1, false is 0. */
class Database extends sqlite3.Database {
  override run(sql: string, parameters?: any, done?: any): void {
    super.run(sql, numbered(parameters), done)
  }

  override all(sql: string, parameters?: any, done?: any): void {
    super.all(sql, numbered(parameters), done)
  }
}

const dialectModule = { ...sqlite3, Database }

const numbered = (parameters: any): any =>
  parameters === null || typeof parameters !== 'object'
    ? parameters
    : Array.isArray(parameters)
      ? parameters.map(asNumber)
      : Object.fromEntries(
          Object.entries(parameters).map(([name, value]) => [name, asNumber(value)]),
        )

const asNumber = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value)

type Models = Record<Entity, ModelStatic<any>>

function modelsOn(sequelize: Sequelize): Models {
  const options = { timestamps: false, underscored: true }
  const define = (name: Entity, columns: object, more: object = {}) =>
    sequelize.define(name, columns as any, { ...options, ...more, tableName: name })
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true }
  const { TEXT, INTEGER, BIGINT } = DataTypes

  const authors = define('authors', {
    id,
    name: { type: TEXT, allowNull: false },
    email: { type: TEXT, unique: true },
    nickname: TEXT,
    status: { type: TEXT, allowNull: false, defaultValue: 'new' },
    favouriteId: INTEGER,
  })
  const posts = define('posts', { id, title: { type: TEXT, allowNull: false }, authorId: INTEGER })
  const comments = define('comments', { id, body: TEXT, postId: INTEGER, parentId: INTEGER })
  const tags = define('tags', { id, name: TEXT })
  const key = () => ({ type: INTEGER, primaryKey: true })
  const seats = define('seats', { aisle: key(), number: key(), guest: TEXT })
  const accounts = define('accounts', { id: { type: BIGINT, primaryKey: true }, label: TEXT })
  const entries = define('entries', { id, accountId: BIGINT, label: TEXT })
  const documents = define('documents', { id, title: TEXT }, { version: true })
  const samples = define('samples', {
    id,
    big: BIGINT,
    fraction: DataTypes.DOUBLE,
    flag: DataTypes.BOOLEAN,
    at: DataTypes.DATE,
    data: DataTypes.JSONB,
    bytes: DataTypes.BLOB,
    text: TEXT,
  })
  const order = define('order', { id, group: TEXT, 'quo"te': TEXT })

  authors.hasMany(posts, { as: 'posts', foreignKey: 'authorId' })
  posts.belongsTo(authors, { as: 'author', foreignKey: 'authorId' })
  posts.hasMany(comments, { as: 'comments', foreignKey: 'postId' })
  const through = { through: 'posts_tags', foreignKey: 'post_id', otherKey: 'tag_id' }
  posts.belongsToMany(tags, { as: 'tags', timestamps: false, ...through })
  accounts.hasMany(entries, { as: 'entries', foreignKey: 'accountId' })
  return { authors, posts, comments, tags, seats, accounts, entries, documents, samples, order }
}

function subjectOn(sequelize: Sequelize): Subject {
  const models = modelsOn(sequelize)
  return {
    ...verbsOn(models, null),
    converts: ['booleans', 'dates', 'json'],
    load: async (entity, relations, limit) => {
      const found = await models[entity].findAll({
        include: [...relations],
        order: [['id', 'ASC']],
        ...(limit !== undefined && { limit }),
      })
      return found.map(plain)
    },
    edit: async (entity, key, change) => {
      const object = await models[entity].findOne({ where: byKey(key) as any, rejectOnEmpty: true })
      await change(object)
      await object.save()
    },
    transaction: (work) => transactionOn(sequelize, models, null, work),
    changeSchema: async () => {
      const label = { type: DataTypes.TEXT, allowNull: true }
      await sequelize.getQueryInterface().changeColumn('shelves', 'label', label)
    },
    close: () => sequelize.close(),
  }
}

const transactionOn = <T>(
  sequelize: Sequelize,
  models: Models,
  outer: Transaction | null,
  work: (inner: Inner) => Promise<T>,
): Promise<T> =>
  sequelize.transaction({ transaction: outer } as object, (transaction) =>
    work({
      ...verbsOn(models, transaction),
      transaction: (more) => transactionOn(sequelize, models, transaction, more),
    }),
  )

const plain = (object: Model): any => object.get({ plain: true })

function verbsOn(models: Models, transaction: Transaction | null): Inner {
  const find = async (entity: Entity, options: object) =>
    (await models[entity].findAll({ ...options, transaction })).map(plain)

  return {
    create: async (entity, values) => plain(await models[entity].create(values, { transaction })),
    createMany: async (entity, many) =>
      (await models[entity].bulkCreate([...many], { transaction, returning: true })).map(plain),
    find: async (entity, key) => {
      const found = await models[entity].findOne({ where: byKey(key) as any, transaction })
      return found ? plain(found) : undefined
    },
    where: (entity, filter) => find(entity, { where: filter }),
    whereNot: (entity, property, value) =>
      find(entity, { where: { [property]: { [Op.ne]: value } } }),
    whereIn: (entity, property, values) =>
      find(entity, { where: { [property]: { [Op.in]: values } } }),
    whereNotIn: (entity, property, values) =>
      find(entity, { where: { [property]: { [Op.notIn]: values } } }),
    whereNamed: (entity, name, value) => find(entity, { where: { [name]: value } }),
    contains: (entity, property, text) =>
      find(entity, { where: { [property]: { [Op.substring]: text } } }),
    sorted: (entity, property, direction) => find(entity, { order: [[property, direction]] }),
    skip: (entity, count) => find(entity, { order: [['id', 'ASC']], offset: count }),
    count: (entity) => models[entity].count({ transaction }),
    update: async (entity, key, values) => {
      await models[entity].update(values, { where: byKey(key) as any, transaction })
    },
    remove: async (entity, key) => {
      await models[entity].destroy({ where: byKey(key) as any, transaction })
    },
    removeWhere: async (entity, filter) => {
      await models[entity].destroy({ where: filter as any, transaction })
    },
  }
}

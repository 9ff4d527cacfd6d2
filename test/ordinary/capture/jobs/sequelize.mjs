import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const { Sequelize, DataTypes, Op, fn, col, literal } = require('sequelize');

const sequelize = new Sequelize(process.env.DATABASE_URL, { logging: false, pool: { max: 1 } });
const plain = { timestamps: false };
const Customer = sequelize.define(
  'Customer',
  {
    name: DataTypes.TEXT,
    email: DataTypes.TEXT,
    national_id: DataTypes.TEXT,
    phone: DataTypes.TEXT,
    region: DataTypes.TEXT,
    tags: DataTypes.ARRAY(DataTypes.TEXT),
    notes: DataTypes.JSONB,
  },
  { ...plain, tableName: 'customers' },
);
const Order = sequelize.define(
  'Order',
  { status: DataTypes.TEXT, ship_to: DataTypes.TEXT, placed_at: DataTypes.DATE },
  { ...plain, tableName: 'orders' },
);
Customer.hasMany(Order, { foreignKey: 'customer_id' });
Order.belongsTo(Customer, { foreignKey: 'customer_id' });
const User = sequelize.define(
  'User',
  {
    id: { type: DataTypes.UUID, defaultValue: DataTypes.UUIDV4, primaryKey: true },
    email: { type: DataTypes.STRING(100), unique: true, allowNull: false },
    role: { type: DataTypes.ENUM('admin', 'member'), defaultValue: 'member' },
    settings: DataTypes.JSONB,
    age: DataTypes.INTEGER,
  },
  { paranoid: true, indexes: [{ fields: ['role'] }, { using: 'gin', fields: ['settings'] }] },
);
const Project = sequelize.define('Project', { title: DataTypes.STRING, budget: DataTypes.DECIMAL(12, 2) });
User.belongsToMany(Project, { through: 'Memberships' });
Project.belongsToMany(User, { through: 'Memberships' });

await sequelize.authenticate();
await User.sync();
await Project.sync();
await sequelize.models.Memberships.sync();
await sequelize.getQueryInterface().showAllTables();
await sequelize.getQueryInterface().describeTable('Users');
await sequelize.getQueryInterface().showIndex('Users');
await sequelize.getQueryInterface().getForeignKeyReferencesForTable('Memberships');

await Customer.findAll({ limit: 10, order: [['id', 'ASC']] });
await Customer.findByPk(7);
await Customer.findOne({ where: { email: 'nobody@example.com' } });
await Customer.findAndCountAll({
  where: { region: { [Op.in]: ['north', 'east'] } },
  offset: 3,
  limit: 4,
  order: ['id'],
});
await Customer.findAll({
  where: { name: { [Op.iLike]: '%an%' }, phone: { [Op.ne]: null } },
  attributes: ['id', 'name'],
  order: [['id', 'DESC']],
  limit: 5,
});
await Customer.findAll({
  include: [{ model: Order, where: { status: 'paid' }, required: true }],
  limit: 3,
  order: [['id', 'ASC']],
});
await Order.findAll({ include: Customer, limit: 5, order: [['id', 'ASC']] });
await Order.findAll({
  attributes: ['status', [fn('COUNT', col('id')), 'n']],
  group: ['status'],
  order: [['status', 'ASC']],
});
await Customer.findAll({ where: { notes: { preferred: 'phone' } }, limit: 2, order: ['id'] });
await Customer.findAll({ where: { tags: { [Op.contains]: ['vip'] } }, limit: 2, order: ['id'] });
await Customer.findAll({
  where: { id: { [Op.between]: [1, 9], [Op.not]: 4 } },
  attributes: { include: [[literal('length(region)'), 'size']] },
  order: ['id'],
});
await Customer.count({ where: { region: 'west' }, distinct: true, col: 'id' });
await Order.max('id');
await Order.sum('id', { where: { status: 'paid' } });
const made = await Customer.create({
  name: 'Sam Seq',
  email: 'sam.seq@example.com',
  national_id: '1',
  region: 'north',
  tags: [],
  notes: null,
});
await made.update({ name: 'Sam S.' });
await made.reload();
await made.destroy();
await Customer.update({ region: 'islands' }, { where: { id: 11 }, returning: true });
await Order.bulkCreate(
  [
    { customer_id: 3, status: 'placed', ship_to: 'A', placed_at: new Date('2026-01-01T00:00:00Z') },
    { customer_id: 4, status: 'paid', ship_to: 'B', placed_at: new Date('2026-01-02T00:00:00Z') },
  ],
  { returning: true },
);
const user = await User.create({
  id: '8b1c8d7e-0000-4000-8000-000000000001',
  email: 'kim@example.com',
  settings: { theme: 'dark', n: 3 },
  age: 41,
});
await User.bulkCreate([{ id: '8b1c8d7e-0000-4000-8000-000000000002', email: 'lee@example.com' }], {
  ignoreDuplicates: true,
});
await User.upsert({ id: '8b1c8d7e-0000-4000-8000-000000000001', email: 'kim@example.com', age: 42 });
await User.findOrCreate({
  where: { email: 'max@example.com' },
  defaults: { id: '8b1c8d7e-0000-4000-8000-000000000003', age: 20 },
});
await User.findAll({ where: { 'settings.theme': 'dark' } });
await User.increment({ age: 1 }, { where: { id: user.id } });
const project = await Project.create({ title: 'Roof', budget: '1200.50' });
await user.addProject(project);
await User.findAll({ include: { model: Project, through: { attributes: [] } }, order: [['id', 'ASC']] });
await user.getProjects();
await user.countProjects();
await user.removeProject(project);
await user.destroy();
await User.findAll({ paranoid: false, order: [['id', 'ASC']] });
await user.restore();
await sequelize.transaction(async (transaction) => {
  await Order.findAll({ where: { id: 1 }, lock: transaction.LOCK.UPDATE, transaction });
  await Order.findAll({ where: { id: 2 }, lock: true, skipLocked: true, transaction });
  await Order.update({ status: 'shipped' }, { where: { id: 1 }, transaction });
});
await sequelize
  .transaction({ isolationLevel: 'REPEATABLE READ' }, async (transaction) => {
    await Project.update({ title: 'Door' }, { where: { id: project.id }, transaction });
    throw new Error('back');
  })
  .catch(() => undefined);
await sequelize.query('SELECT id, name FROM customers WHERE region = :region ORDER BY id LIMIT 2', {
  replacements: { region: 'north' },
});
await sequelize.query('SELECT id FROM customers WHERE id = $1', { bind: [4] });
const tables = sequelize.getQueryInterface();
await tables.addColumn('Projects', 'deadline', { type: DataTypes.DATEONLY });
await tables.changeColumn('Projects', 'title', {
  type: DataTypes.STRING(80),
  allowNull: false,
  defaultValue: 'none',
});
await tables.renameColumn('Projects', 'deadline', 'due');
await tables.addIndex('Projects', ['due'], { name: 'projects_due' });
await tables.removeIndex('Projects', 'projects_due');
await tables.addConstraint('Projects', {
  fields: ['budget'],
  type: 'check',
  where: { budget: { [Op.gte]: 0 } },
  name: 'budget_positive',
});
await tables.removeConstraint('Projects', 'budget_positive');
await tables.removeColumn('Projects', 'due');
await Project.truncate({ cascade: true });
await sequelize.models.Memberships.drop();
await Project.drop();
await sequelize.close();
